export { complete } from './complete.ts';
export { decode, type Decoded, DecodeError, type DecodeOptions } from './decode.ts';
export type { Shape as SchemaShape, Type as SchemaType } from './types.ts';
export { goTimeError } from './go-time.ts';
export { type ListType, type MapType, type MergeType, mergeTypeOf } from './merge-types.ts';
export { fieldIsKnown, patchMeta, typeOf as schemaType, typeOfKind as schemaTypeOfKind } from './types.ts';
