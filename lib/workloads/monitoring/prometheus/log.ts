// Lines as Prometheus writes them: go-kit's until release 2, Go's own slog since 3.
import type { Process } from '../../program.ts';

export type Logger = (level: 'info' | 'warn' | 'error', caller: string, message: string, values?: Record<string, string>) => void;

const quoted = (text: string) => (/[\s="\\]/.test(text) || text === '' ? JSON.stringify(text) : text);

export function logger(process: Process, modern: boolean): Logger {
  return (level, caller, message, values = {}) => {
    const time = new Date(process.clock.now).toISOString();
    const { component, ...rest } = values;
    const more = Object.entries(rest).map(([name, value]) => ` ${name}=${quoted(value)}`).join('');
    const part = component ? ` component=${quoted(component)}` : '';
    process.log(modern ? `time=${time} level=${level.toUpperCase()} source=${caller} msg=${JSON.stringify(message)}${part}${more}` : `ts=${time} caller=${caller} level=${level}${part} msg=${JSON.stringify(message)}${more}`, 'stderr');
  };
}
