// Numbers as Go's int32 and int64 are on amd64: what does not fit is the lowest of them.

const lowest32 = -2_147_483_648;
const lowest64 = -9_223_372_036_854_775_808;

export const int32 = (value: number): number => (value > lowest32 - 1 && value < -lowest32 ? Math.trunc(value) : lowest32);
export const int64 = (value: number): number => (value >= lowest64 && value < -lowest64 ? Math.trunc(value) : lowest64);

/** The whole part of `total * factor / by`, exactly. */
export const share = (total: number, factor: number, by: number): number => Number((BigInt(total) * BigInt(factor)) / BigInt(by));
