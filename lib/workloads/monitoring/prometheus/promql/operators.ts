// Operators between numbers.

export const comparisons = new Set(['==', '!=', '<', '>', '<=', '>=']);
export const setOperators = new Set(['and', 'or', 'unless']);

const arithmetic: Record<string, (a: number, b: number) => number> = { '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => a / b, '%': (a, b) => a % b, '^': (a, b) => a ** b, atan2: Math.atan2 };
const orders: Record<string, (a: number, b: number) => boolean> = { '==': (a, b) => a === b, '!=': (a, b) => a !== b, '<': (a, b) => a < b, '>': (a, b) => a > b, '<=': (a, b) => a <= b, '>=': (a, b) => a >= b };

/** Undefined: a comparison that does not hold, and filters. */
export function combine(op: string, a: number, b: number, bool: boolean): number | undefined {
  const order = orders[op];
  if (!order) return arithmetic[op]!(a, b);
  const holds = order(a, b);
  return bool ? Number(holds) : holds ? a : undefined;
}
