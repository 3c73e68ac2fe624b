const units: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of Go's `1h30m`, or the error of time.ParseDuration as text. */
export function goDuration(text: string): number | string {
  const quoted = JSON.stringify(text);
  const [, sign = '', digits = ''] = /^([+-]?)([\s\S]*)$/.exec(text)!;
  if (digits === '0') return 0;
  if (digits === '') return `time: invalid duration ${quoted}`;
  let total = 0;
  for (let rest = digits; rest !== ''; ) {
    const number = /^\d*\.?\d*/.exec(rest)![0];
    if (!/\d/.test(number)) return `time: invalid duration ${quoted}`;
    rest = rest.slice(number.length);
    const unit = /^[^.\d]*/.exec(rest)![0];
    if (unit === '') return `time: missing unit in duration ${quoted}`;
    if (!Object.hasOwn(units, unit)) return `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
    total += Number(number) * units[unit]!;
    rest = rest.slice(unit.length);
  }
  return sign === '-' ? -total : total;
}
