// What plugins have in common, and what they find around them.
import type { Process } from '../../program.ts';
import type { Section } from './config/section.ts';
import type { Collector } from './event.ts';
import type { FluentdLog } from './log.ts';
import type { Router } from './router.ts';

export interface Plugin {
  readonly kind: 'input' | 'filter' | 'output';
  readonly type: string;
  readonly id: string;
  start?(): void;
  /** SIGTERM came: it finishes what it has begun. */
  shutdown?(): void;
  /** For the monitor agent. */
  readonly config: Readonly<Record<string, string>>;
  info?(): Record<string, unknown>;
  /** Plugins inside of it. */
  readonly parts?: readonly Plugin[];
}

/** One run of Fluentd's worker, or the supervisor that only reads the configuration. */
export interface Engine {
  readonly process: Process;
  readonly log: FluentdLog;
  /** The image fluentd-kubernetes-daemonset has more plugins. */
  readonly extra: boolean;
  /** Of all outputs that block: inputs read nothing until they are through. */
  readonly blocked: boolean;
  readonly plugins: readonly Plugin[];
  /** Runs once, unless the worker has ended by then. */
  after(milliseconds: number, run: () => void): void;
  block(output: Plugin, blocks: boolean): void;
  newId(): string;
}

/** What a plugin is made of. */
export interface Made {
  section: Section;
  type: string;
  engine: Engine;
  /** Where it stands: events that it emits go there. */
  router: Router;
  /** The router of a label; throws a ConfigError. */
  label(name: string): Router;
}

export type OutputPlugin = Plugin & Collector;

export const about = ({ section, type, engine }: Made): Pick<Plugin, 'type' | 'id' | 'config'> => ({
  type,
  id: section.element.get('@id') ?? engine.newId(),
  config: Object.fromEntries([...section.element.attributes].map(([name, value]) => [name, value ?? ''])),
});
