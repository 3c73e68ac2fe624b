/** Seconds of `1h30m`, as Go's time.ParseDuration reads it, or of `22 ns`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const units: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
  const pieces = /^[-+]?((\d+(\.\d*)?|\.\d+) ?(ns|us|µs|ms|s|m|h|d|w))+$/.test(text) ? [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+) ?([a-zµ]+)/g)] : undefined;
  return pieces?.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0);
}
