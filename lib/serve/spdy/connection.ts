// SPDY/3.1 as far as kubectl needs it: streams that the client opens, data both ways. No library for it is kept up any more.
// Differs from SPDY: windows are not kept, as Go's spdystream, the only client, keeps none either.
import { HeaderCodec } from './headers.ts';

/** A stream that the client has opened. */
export interface SpdyStream {
  readonly id: number;
  readonly headers: ReadonlyMap<string, string>;
  write(data: Buffer): void;
  /** Nothing more will be written. */
  end(): void;
  onData: (data: Buffer) => void;
  /** The client will write nothing more. */
  onEnd: () => void;
}

/** What carries the bytes: a TLS connection, or a WebSocket around it. */
export interface Carrier {
  write(data: Buffer): unknown;
  close(): void;
}

const [synStream, synReply, rstStream, ping, goAway] = [1, 2, 3, 6, 7];
const fin = 1;
const maxFrame = 4 * 1024 * 1024;
const maxStreams = 1000;

export class SpdyConnection {
  /** Called once, when the connection is gone. */
  onClose = () => {};
  readonly #carrier: Carrier;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #headers = new HeaderCodec();
  readonly #streams = new Map<number, SpdyStream>();
  #bytes: Buffer = Buffer.alloc(0);
  /** Frames are handled one after the other: headers unfold in their own time. */
  #order: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(carrier: Carrier, onStream: (stream: SpdyStream) => void) {
    this.#carrier = carrier;
    this.#onStream = onStream;
  }

  /** Bytes from the client. */
  take(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    while (this.#bytes.length >= 8) {
      const length = this.#bytes.readUInt32BE(4) & 0xffffff;
      if (length > maxFrame) return this.close();
      if (this.#bytes.length < 8 + length) return;
      const frame = this.#bytes.subarray(0, 8 + length);
      this.#bytes = this.#bytes.subarray(8 + length);
      this.#order = this.#order.then(() => this.#frame(frame)).catch(() => this.close());
    }
  }

  /** After everything that has come so far; then the connection is gone. */
  finish(): void {
    this.#order = this.#order.then(() => {
      if (this.#closed) return;
      this.#control(goAway!, Buffer.alloc(8));
      this.close();
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#headers.close();
    for (const stream of this.#streams.values()) stream.onEnd();
    this.#streams.clear();
    this.onClose();
    this.#carrier.close();
  }

  async #frame(frame: Buffer): Promise<void> {
    if (this.#closed) return;
    const first = frame.readUInt32BE(0);
    const flags = frame[4]!;
    const payload = frame.subarray(8);
    if (first < 0x80000000) return this.#data(first, flags, payload);
    switch (first & 0xffff) {
      case synStream:
        return this.#open(payload, flags);
      case rstStream: {
        const id = payload.readUInt32BE(0);
        this.#streams.get(id)?.onEnd();
        this.#streams.delete(id);
        return;
      }
      case ping:
        return this.#control(ping, payload);
      case goAway:
        return this.close();
    }
  }

  #data(id: number, flags: number, payload: Buffer): void {
    const stream = this.#streams.get(id);
    if (!stream) return;
    if (payload.length > 0) stream.onData(payload);
    if (flags & fin) stream.onEnd();
  }

  async #open(payload: Buffer, flags: number): Promise<void> {
    const id = payload.readUInt32BE(0) & 0x7fffffff;
    if (this.#streams.size >= maxStreams) return this.close();
    const headers = await this.#headers.read(payload.subarray(10));
    const stream: SpdyStream = {
      id,
      headers,
      write: (data) => this.#send(id, 0, data),
      end: () => {
        this.#send(id, fin, Buffer.alloc(0));
        this.#streams.delete(id);
      },
      onData: () => {},
      onEnd: () => {},
    };
    this.#streams.set(id, stream);
    const number = Buffer.alloc(4);
    number.writeUInt32BE(id);
    this.#control(synReply!, Buffer.concat([number, await this.#headers.none()]));
    this.#onStream(stream);
    if (flags & fin) stream.onEnd();
  }

  #send(id: number, flags: number, data: Buffer): void {
    if (this.#closed || !this.#streams.has(id)) return;
    const head = Buffer.alloc(8);
    head.writeUInt32BE(id, 0);
    head.writeUInt32BE(data.length, 4);
    head[4] = flags;
    this.#carrier.write(Buffer.concat([head, data]));
  }

  #control(type: number, payload: Buffer): void {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(0x80030000 + type, 0);
    head.writeUInt32BE(payload.length, 4);
    this.#carrier.write(Buffer.concat([head, payload]));
  }
}
