// All plugins of a configuration, and the routers between them (lib/fluent/root_agent.rb).
import type { Element } from './config/element.ts';
import { ConfigError } from './config/error.ts';
import { Section } from './config/section.ts';
import type { Engine, Made, Plugin } from './plugin.ts';
import { makeFilter } from './plugins/filters/index.ts';
import { makeInput } from './plugins/inputs/index.ts';
import { makeOutput } from './plugins/outputs/index.ts';
import { Router } from './router.ts';

export interface Agent {
  inputs: readonly Plugin[];
  filters: readonly Plugin[];
  outputs: readonly Plugin[];
  /** Where Fluentd's own log goes as events; undefined: nowhere. */
  ownLog: Router | undefined;
}

const ownTags = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => `fluent.${level}`);

/** Throws a ConfigError. `tell`: whether it is said what is added. */
export function buildAgent(root: Element, engine: Engine, { tell }: { tell: boolean }): Agent {
  const labels = new Map<string, Router>();
  const errors = () => labels.get('@ERROR');
  const newRouter = () => new Router({ log: engine.log, errors });
  const found = { inputs: [] as Plugin[], filters: [] as Plugin[], outputs: [] as Plugin[] };
  const label = (name: string): Router => labels.get(name) ?? (name === '@ROOT' ? top : labelMissing(name));
  const top = newRouter();
  const directives = [...root.elements.filter(({ name }) => name !== 'worker'), ...root.named('worker').flatMap(({ elements }) => elements)];

  const say = (text: string, values: Record<string, string>) => tell && engine.log.plain('info', text, values);
  const make = (element: Element, router: Router): Made => {
    const type = element.get('@type');
    if (!type) throw new ConfigError(`Missing '@type' parameter on <${element.name}> directive`);
    for (const name of ['@id', '@label', '@log_level']) element.used.add(name);
    return { section: new Section(element), type, engine, router, label };
  };
  function configure(elements: readonly Element[], router: Router, place = ''): void {
    for (const element of elements) {
      if (element.name !== 'match' && element.name !== 'filter') continue;
      const pattern = element.arg || '**';
      const made = make(element, router);
      say(`adding ${element.name}${place}`, { pattern, type: made.type });
      if (element.name === 'filter') {
        const filter = makeFilter(made);
        found.filters.push(filter);
        router.addFilter(pattern, filter);
      } else {
        const output = makeOutput(made);
        found.outputs.push(output);
        router.addOutput(pattern, output);
      }
    }
  }

  for (const { arg } of directives.filter(({ name }) => name === 'label')) {
    if (!arg) throw new ConfigError('Missing symbol argument on <label> directive');
    if (arg === '@ROOT') throw new ConfigError('@ROOT for <label> is not permitted, reserved for getting root router');
    if (labels.has(arg)) throw new ConfigError(`Section <label ${arg}> appears twice`);
    labels.set(arg, newRouter());
  }
  for (const one of directives.filter(({ name }) => name === 'label')) configure(one.elements, labels.get(one.arg)!, ` in ${one.arg}`);
  configure(directives, top);
  for (const element of directives.filter(({ name }) => name === 'source')) {
    const made = make(element, top);
    say('adding source', { type: made.type });
    const at = element.attributes.get('@label');
    found.inputs.push(makeInput({ ...made, router: at ? label(at) : top }));
  }
  return { ...found, ownLog: ownLogOf(labels.get('@FLUENT_LOG'), top, engine) };
}

function labelMissing(name: string): never {
  throw new ConfigError(`${name} label not found`, { className: 'ArgumentError' });
}

function ownLogOf(label: Router | undefined, top: Router, { log }: Engine): Router | undefined {
  const router = label ?? top;
  const unmatched = ownTags.filter((tag) => !router.matches(tag));
  const list = `[${unmatched.map((tag) => JSON.stringify(tag)).join(', ')}]`;
  if (label) {
    label.quiet = true;
    if (unmatched.length > 0) log.warn(`match for some tags of log events are not defined in @FLUENT_LOG label (to be ignored) tags=${list}`);
    return label;
  }
  if (unmatched.length === ownTags.length) return undefined;
  const matched = ownTags.filter((tag) => !unmatched.includes(tag)).map((tag) => `<match ${tag}>`).join(', ');
  log.warn(`define ${unmatched.length === 0 ? '<match fluent.**>' : matched} to capture fluentd logs in top level is deprecated. Use <label @FLUENT_LOG> instead`);
  if (unmatched.length > 0) log.warn(`match for some tags of log events are not defined in top level (to be ignored) tags=${list}`);
  return top;
}
