// The process in which the plugins run; its supervisor starts it again when it ends in an error.
import { FileError } from '../../../machine/index.ts';
import type { Process } from '../../program.ts';
import { type Agent, buildAgent } from './agent.ts';
import type { Element } from './config/element.ts';
import { PluginError } from './event.ts';
import { FluentdLog, type Level, symbol } from './log.ts';
import type { Engine, Plugin } from './plugin.ts';

export interface WorkerOptions {
  process: Process;
  root: Element;
  extra: boolean;
  level: Level;
}

/** Process ids as the image's tini hands them out. */
export const pids = { supervisor: 7, worker: 16 };

export class Worker {
  readonly log: FluentdLog;
  readonly #options: WorkerOptions;
  readonly #engine: Engine;
  readonly #blocking = new Set<Plugin>();
  #agent: Agent | undefined;
  #ended = false;
  #ids = 0x5dc;

  /** `number` is shown in its log; without one it only reads the configuration. */
  constructor(options: WorkerOptions, number?: number) {
    this.#options = options;
    this.log = new FluentdLog(options.process);
    this.log.level = options.level;
    this.log.worker = number === undefined ? '' : `#${number} `;
    this.#engine = this.#newEngine();
  }

  #newEngine(): Engine {
    const { process, extra } = this.#options;
    const [blocking, agent] = [this.#blocking, () => this.#agent];
    return {
      process,
      log: this.log,
      extra,
      get blocked() {
        return blocking.size > 0;
      },
      get plugins() {
        const { inputs = [], filters = [], outputs = [] } = agent() ?? {};
        return [...inputs, ...outputs, ...filters];
      },
      after: (milliseconds, run) => process.after(milliseconds, () => this.#ended || this.#guarded(run)),
      block: (output, blocks) => void (blocks ? this.#blocking.add(output) : this.#blocking.delete(output)),
      newId: () => `object:${(this.#ids += 20).toString(16)}`,
    };
  }

  /** Ruby's threads end with an error that nobody takes; the others go on. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof PluginError) && !(error instanceof FileError)) throw error;
      this.log.error('Unexpected error raised. Stopping the timer.', { error: asPluginError(error) });
    }
  }

  /** Throws a ConfigError. */
  configure({ tell }: { tell: boolean }): void {
    this.#agent = buildAgent(this.#options.root, this.#engine, { tell });
  }

  /** Throws a PluginError when something it needs is not to be had. */
  start(): void {
    const { ownLog, outputs, filters, inputs } = this.#agent!;
    if (ownLog) this.log.onEvent = (tag, record) => this.#ownEvent(tag, record);
    this.log.info('starting fluentd worker', { pid: pids.worker, ppid: pids.supervisor, worker: 0 });
    try {
      for (const plugin of [...outputs, ...filters, ...[...inputs].reverse()]) plugin.start?.();
    } catch (error) {
      if (!(error instanceof PluginError) && !(error instanceof FileError)) throw error;
      this.#ended = true;
      for (let i = 0; i < 2; i++) this.log.error('unexpected error', { error: asPluginError(error) });
      throw asPluginError(error);
    }
    this.log.info('fluentd worker is now running', { worker: 0 });
  }

  #ownEvent(tag: string, record: Record<string, unknown>): void {
    const { clock } = this.#options.process;
    const time = clock.now;
    this.#engine.after(0, () => {
      // What is logged on this way is no event again.
      const { onEvent } = this.log;
      this.log.onEvent = undefined;
      this.#agent?.ownLog?.emit(tag, [{ time, record }]);
      this.log.onEvent = onEvent;
    });
  }

  /** SIGTERM: inputs first, so that outputs can still write what came from them. */
  stop(): void {
    const { inputs = [], filters = [], outputs = [] } = this.#agent ?? {};
    this.log.info('fluentd worker is now stopping', { worker: 0 });
    this.log.onEvent = undefined;
    this.log.info('shutting down fluentd worker', { worker: 0 });
    for (const plugin of [...inputs, ...filters, ...outputs]) {
      this.log.info(`shutting down ${plugin.kind} plugin`, { type: symbol(plugin.type), plugin_id: plugin.id });
      this.#guarded(() => plugin.shutdown?.());
    }
    this.#ended = true;
    this.log.plain('info', 'Worker 0 finished with status 0');
  }
}

const asPluginError = (error: PluginError | FileError): PluginError => (error instanceof PluginError ? error : new PluginError(error.message === 'Permission denied' ? 'Errno::EACCES' : 'SystemCallError', error.message));
