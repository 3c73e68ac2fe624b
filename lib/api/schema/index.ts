export { complete } from './complete.ts';
export { decode, type Decoded, DecodeError, type DecodeOptions, strictMessage, unknownFieldMessage } from './decode.ts';
export type { Shape as SchemaShape } from './types.ts';
export { goTimeError } from './go-time.ts';
export { patchMeta, typeOf as schemaType, typeOfKind as schemaTypeOfKind } from './types.ts';
