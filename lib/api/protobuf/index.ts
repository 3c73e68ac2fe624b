export { decodeProtobuf } from './decode.ts';
export { encodeProtobuf, encodeWatchEvent, hasProtobuf } from './encode.ts';
