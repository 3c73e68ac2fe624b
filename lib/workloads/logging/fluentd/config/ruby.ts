// Ruby inside of a configuration, "#{ENV['NAME'] || 'none'}". Differs from Fluentd: only what configurations of containers use.
import { ConfigError } from './error.ts';

export interface Ruby {
  env: Readonly<Record<string, string>>;
  hostname: string;
}

const text = String.raw`'([^']*)'|"([^"]*)"`;

/** Undefined: nil. */
export function evaluate(code: string, ruby: Ruby): string | undefined {
  for (const part of code.split('||')) {
    const value = one(part.trim(), ruby);
    if (value !== undefined) return value;
  }
  return undefined;
}

function one(code: string, { env, hostname }: Ruby): string | undefined {
  const literal = new RegExp(`^(?:${text})$`).exec(code);
  if (literal) return literal[1] ?? literal[2];
  const variable = new RegExp(String.raw`^ENV(?:\[|\.fetch\()\s*(?:${text})\s*(?:,\s*(?:${text})\s*)?[\])]$`).exec(code);
  if (variable) return env[variable[1] ?? variable[2] ?? ''] ?? variable[3] ?? variable[4];
  if (code === 'hostname' || code === 'Socket.gethostname') return hostname;
  if (code === 'worker_id') return '0';
  if (code === 'use_nil' || code === 'use_default') return undefined;
  if (/^-?\d+$/.test(code)) return code;
  throw new ConfigError(`설정의 "#{${code}}"에서 kubook의 Fluentd가 아는 루비는 ENV['이름'], ENV.fetch('이름', '값'), hostname, '글자', 그리고 이들을 잇는 ||뿐이다. 값을 그대로 적거나 환경 변수로 준다.`);
}
