// Writes protobuf from the end to the beginning, so that a message's length is known when its head is written.

const encoder = new TextEncoder();
const firstSize = 1024;

export class Writer {
  #bytes = new Uint8Array(firstSize);
  /** Where the last written byte stands. */
  #at = firstSize;

  /** How many bytes there are: a message is what was written since an earlier length. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, (this.#at -= bytes.length));
  }

  /** Most texts are plain ASCII: those need no encoder. */
  text(text: string): void {
    this.#room(text.length);
    let at = this.#at;
    for (let i = text.length - 1; i >= 0; i--) {
      const code = text.charCodeAt(i);
      if (code > 127) return this.bytes(encoder.encode(text));
      this.#bytes[--at] = code;
    }
    this.#at = at;
  }

  /** A negative number takes ten bytes, as a Go int64 does. */
  varint(value: number): void {
    const digits: number[] = [];
    if (value >= 0 && value < 0x80000000) for (; value > 127; value >>>= 7) digits.push((value & 127) | 128);
    else {
      let big = BigInt.asUintN(64, BigInt(Math.trunc(value)));
      for (; big > 127n; big >>= 7n) digits.push(Number(big & 127n) | 128);
      value = Number(big);
    }
    this.#room(digits.length + 1);
    this.#bytes[--this.#at] = value;
    for (let i = digits.length - 1; i >= 0; i--) this.#bytes[--this.#at] = digits[i]!;
  }

  double(value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.bytes(bytes);
  }

  /** The head of a field whose value has been written. */
  tag(number: number, wire: 0 | 1 | 2): void {
    this.varint((number << 3) | wire);
  }

  /** The head of a message, a text or bytes that begin where the length was `from`. */
  head(number: number, from: number): void {
    this.varint(this.length - from);
    this.tag(number, 2);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(this.#at);
  }

  #room(wanted: number): void {
    if (wanted <= this.#at) return;
    const used = this.length;
    const grown = new Uint8Array(2 * (used + wanted));
    grown.set(this.#bytes.subarray(this.#at), grown.length - used);
    this.#bytes = grown;
    this.#at = grown.length - used;
  }
}
