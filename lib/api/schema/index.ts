export { complete } from './complete.ts';
export { decode, type Decoded, DecodeError, type DecodeOptions, strictMessage, unknownFieldMessage } from './decode.ts';
export { patchMeta } from './types.ts';
