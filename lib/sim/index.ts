export { Clock, duration, epoch, microTimestamp, timestamp, type Timer } from './clock.ts';
export { type Actor, Loop, LoopBudgetError } from './loop.ts';
export { createRandom, fnv1a, hexByte, hexDigit, nameAlphabet, type Random } from './random.ts';
export { base32, base64url, hex, sha224, sha256 } from './sha256.ts';
