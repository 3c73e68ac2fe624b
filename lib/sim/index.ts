export { Clock, duration, epoch, microTimestamp, timestamp, type Timer } from './clock.ts';
export { type Actor, Loop, LoopBudgetError } from './loop.ts';
export { createRandom, fnv1a, hexByte, hexDigit, nameAlphabet, type Random } from './random.ts';
