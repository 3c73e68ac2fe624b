// Spans of time as unit files write them: `5`, `500ms`, `1min 30s`.

const sizes: Readonly<Record<string, number>> = { us: 0.001, ms: 1, msec: 1, '': 1000, s: 1000, sec: 1000, second: 1000, seconds: 1000, m: 60_000, min: 60_000, minute: 60_000, minutes: 60_000, h: 3_600_000, hr: 3_600_000, hour: 3_600_000, hours: 3_600_000, d: 86_400_000, day: 86_400_000, days: 86_400_000 };

/** Undefined: it is no span of time. A number alone means seconds. */
export function milliseconds(text: string): number | undefined {
  if (text.trim() === 'infinity') return Number.POSITIVE_INFINITY;
  const parts = [...text.trim().matchAll(/\s*(\d+(?:\.\d+)?)\s*([a-z]*)/gy)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.trim()) return undefined;
  if (parts.some(([, , unit]) => !Object.hasOwn(sizes, unit!))) return undefined;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * sizes[unit!]!, 0);
}
