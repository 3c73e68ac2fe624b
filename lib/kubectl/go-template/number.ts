// Go has whole numbers and others, and compares neither with the other.

/** A number written with a point: 2.0 is no int. */
export class GoFloat {
  constructor(readonly value: number) {}
  toString(): string {
    return String(this.value);
  }
}

export const isFloat = (value: unknown): value is number | GoFloat => value instanceof GoFloat || (typeof value === 'number' && !Number.isInteger(value));

/** The JavaScript number of either. */
export const plain = (value: unknown): unknown => (value instanceof GoFloat ? value.value : value);
