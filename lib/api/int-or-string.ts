// Fields that hold a count or a percentage: maxSurge, maxUnavailable, minAvailable.

export type IntOrString = number | string;

/** A number is itself, `25%` a part of `total`. Throws when the text is no number. */
export function scaledValue(value: IntOrString | undefined | null, total: number, roundUp: boolean): number {
  if (value === undefined || value === null) throw new Error('nil value for IntOrString');
  if (typeof value === 'number') return value;
  if (!value.endsWith('%')) throw new Error('invalid value for IntOrString: invalid type: string is not a percentage');
  const digits = value.slice(0, -1);
  if (!/^[+-]?[0-9]+$/.test(digits)) throw new Error(`invalid value for IntOrString: invalid value ${JSON.stringify(value)}: strconv.Atoi: parsing ${JSON.stringify(digits)}: invalid syntax`);
  const part = (Number(digits) * total) / 100;
  return roundUp ? Math.ceil(part) : Math.floor(part);
}

/** True for `10%`, false for `10` and for a port's name. */
const isPercent = (value: IntOrString | undefined | null): value is string => typeof value === 'string' && /^[0-9]+%$/.test(value);

/** The number of `25%`, undefined when it is no percentage. */
export const percentValue = (value: IntOrString | undefined | null): number | undefined => (isPercent(value) ? Number(value.slice(0, -1)) : undefined);
