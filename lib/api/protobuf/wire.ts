// Protobuf on the wire: fields with a number and a value, nothing more. Whoever knows the message knows what they mean.

/** The value of one field: a number (varint or fixed) or bytes. */
export interface WireField {
  number: number;
  value: bigint | Uint8Array;
}

/** Bytes that are no protobuf. */
export class WireError extends Error {}

export function* fieldsOf(bytes: Uint8Array): Generator<WireField, void, void> {
  let at = 0;
  const varint = (): bigint => {
    let [value, shift] = [0n, 0n];
    for (; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new WireError('unexpected EOF');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new WireError('integer overflow');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new WireError('unexpected EOF');
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    switch (Number(tag & 7n)) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        yield { number, value: take(8) };
        break;
      case 2:
        yield { number, value: take(Number(varint())) };
        break;
      case 5:
        yield { number, value: take(4) };
        break;
      default:
        throw new WireError(`illegal wireType ${Number(tag & 7n)}`);
    }
  }
}

/** Signed, as Go's int32 and int64 are. Differs from Kubernetes: numbers beyond 2⁵³ lose their last digits. */
export const signed = (value: bigint | Uint8Array): number => (typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0);

const decoder = new TextDecoder();
export const textOf = (value: bigint | Uint8Array): string => (typeof value === 'bigint' ? '' : decoder.decode(value));
export const bytesOf = (value: bigint | Uint8Array): Uint8Array => (typeof value === 'bigint' ? new Uint8Array() : value);
