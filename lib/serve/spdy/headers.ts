// SPDY's header blocks: names and values, compressed with one memory for the whole connection.
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { dictionary } from './dictionary.ts';

const sync = { dictionary, flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
/** The most that the headers of one stream may unfold to. */
const limit = 64 * 1024;

export class HeaderCodec {
  readonly #inflate: Inflate = createInflate(sync);
  readonly #deflate: Deflate = createDeflate(sync);

  constructor() {
    for (const stream of [this.#inflate, this.#deflate]) stream.on('error', () => {});
  }

  /** Blocks must be read in the order they came. */
  async read(block: Buffer): Promise<Map<string, string>> {
    const plain = await through(this.#inflate, block);
    const headers = new Map<string, string>();
    let at = 4;
    const text = () => {
      const end = at + 4 + plain.readUInt32BE(at);
      const value = plain.toString('utf8', at + 4, end);
      at = end;
      return value;
    };
    for (let pairs = plain.readUInt32BE(0); pairs > 0; pairs--) headers.set(text().toLowerCase(), text());
    return headers;
  }

  /** A block without headers: all that a reply needs. */
  none(): Promise<Buffer> {
    return through(this.#deflate, Buffer.alloc(4));
  }

  close(): void {
    this.#inflate.close();
    this.#deflate.close();
  }
}

function through(stream: Inflate | Deflate, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const take = (piece: Buffer) => {
      size += piece.length;
      pieces.push(piece);
      if (size > limit) done(new RangeError('headers too large'));
    };
    const done = (error?: Error | null) => {
      stream.off('data', take);
      stream.off('error', done);
      if (error) reject(error);
      else resolve(Buffer.concat(pieces));
    };
    stream.on('data', take);
    stream.once('error', done);
    stream.write(bytes, (error) => (error ? done(error) : stream.flush(constants.Z_SYNC_FLUSH, () => setImmediate(done))));
  });
}
