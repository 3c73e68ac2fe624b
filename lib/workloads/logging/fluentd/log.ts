// Fluentd's own log, `2026-01-01 00:00:01 +0000 [info]: #0 fluentd worker is now running worker=0`, which is events too.
// Differs from Fluentd: errors come without the trace of Ruby's stack.
import type { Process } from '../../program.ts';
import { PluginError } from './event.ts';
import { formatTime } from './time.ts';

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
const levels: readonly Level[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Ruby's symbols and times, which are shown without quotes. */
export class Bare {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type LogValue = string | number | boolean | Bare | PluginError;
type Values = Record<string, LogValue>;

export const seconds = (at: number): Bare => new Bare(formatTime(at, '%Y-%m-%d %H:%M:%S %z'));
export const symbol = (name: string): Bare => new Bare(`:${name}`);

const shown = (value: LogValue) => (value instanceof Bare ? value.text : typeof value === 'string' ? JSON.stringify(value) : String(value));

function textOf(name: string, value: LogValue): string {
  return value instanceof PluginError ? ` error_class=${value.className} error=${JSON.stringify(value.message)}` : ` ${name}=${shown(value)}`;
}

export class FluentdLog {
  readonly #process: Process;
  level: Level = 'info';
  /** `#0 ` of the worker. */
  worker = '';
  /** Takes what is logged as an event, `fluent.info` and so on. */
  onEvent: ((tag: string, record: Record<string, unknown>) => void) | undefined;

  constructor(process: Process) {
    this.#process = process;
  }

  info(message: string, values?: Values): void {
    this.#write('info', message, values);
  }
  warn(message: string, values?: Values): void {
    this.#write('warn', message, values);
  }
  error(message: string, values?: Values): void {
    this.#write('error', message, values);
  }

  /** Of all workers together: without the number of the worker. */
  plain(level: Level, message: string, values?: Values): void {
    this.#write(level, message, values, '');
  }

  #write(level: Level, message: string, values: Values = {}, worker = this.worker): void {
    if (levels.indexOf(level) < levels.indexOf(this.level)) return;
    const text = message + Object.entries(values).map(([name, value]) => textOf(name, value)).join('');
    const { now } = this.#process.clock;
    this.#process.logLines(`${formatTime(now, '%Y-%m-%d %H:%M:%S %z')} [${level}]: ${worker}${text}`.split('\n'));
    const record = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value instanceof Bare ? value.text : value instanceof PluginError ? `#<${value.className}: ${value.message}>` : value]));
    this.onEvent?.(`fluent.${level}`, { ...record, message: text });
  }
}
