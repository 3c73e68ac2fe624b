export { Quantity } from './quantity/amount.ts';
export { canonical } from './quantity/canonical.ts';
export { binaryQuantity, bytes, cpuMilli, parseQuantity } from './quantity/parse.ts';
export type { QuantityFormat } from './quantity/units.ts';
