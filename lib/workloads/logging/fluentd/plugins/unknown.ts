// A plugin that is not there: in Fluentd's words where it is none of Fluentd's own, else in ours.
import type { Element } from '../config/element.ts';
import { ConfigError } from '../config/error.ts';

type Kind = 'input' | 'output' | 'filter' | 'parser' | 'formatter' | 'buffer';

/** Fluentd brings them, kubook does not. */
const others: Partial<Record<Kind, readonly string[]>> = {
  input: ['syslog', 'tcp', 'udp', 'unix', 'exec', 'gc_stat', 'object_space', 'debug_agent'],
  output: ['exec', 'exec_filter', 'stream', 'buffer'],
  parser: ['apache', 'apache_error', 'syslog', 'multiline', 'msgpack'],
  formatter: ['csv', 'tsv', 'msgpack'],
  buffer: ['file_single'],
};

export function unknownPlugin(kind: Kind, type: string, element: Element): never {
  if (others[kind]?.includes(type)) throw new ConfigError(`<${element.name}>의 @type ${type}: Fluentd에는 있으나 kubook의 Fluentd에는 없는 플러그인이다. 다른 @type을 쓴다.`);
  throw new ConfigError(`Unknown ${kind} plugin '${type}'. Run 'gem search -rd fluent-plugin' to find plugins`, { className: 'Fluent::NotFoundPluginError' });
}
