export { Quantity } from './quantity/amount.ts';
export { canonical } from './quantity/canonical.ts';
export { binaryQuantity, bytes, cpuMilli, parseQuantity, quantityFormatError, quantitySuffixError } from './quantity/parse.ts';
export type { QuantityFormat } from './quantity/units.ts';
