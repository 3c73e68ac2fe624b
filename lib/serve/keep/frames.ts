// A file of frames: pieces of text with their length and checksums, so that what was torn or damaged is seen when it is read.
import { crc32 } from './crc32.ts';

/** Marks the beginning of a frame: `kbk1`. */
const mark = 0x6b626b31;
const headSize = 16;

/** One frame around `text`: mark, length, checksum of the text, checksum of these three. */
export function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const frame = Buffer.allocUnsafe(headSize + payload.length);
  frame.writeUInt32BE(mark, 0);
  frame.writeUInt32BE(payload.length, 4);
  frame.writeUInt32BE(crc32(payload), 8);
  frame.writeUInt32BE(crc32(frame.subarray(0, 12)), 12);
  payload.copy(frame, headSize);
  return frame;
}

export interface Frames {
  texts: string[];
  /** Where the last whole frame ends. */
  end: number;
  /**
   * What follows it, if anything: `torn` is a frame whose writing was interrupted, `damaged` is one that had been written and
   * is no longer what it was.
   */
  rest?: 'torn' | 'damaged';
}

export function readFrames(bytes: Buffer): Frames {
  const texts: string[] = [];
  let end = 0;
  for (let frame = frameAt(bytes, end); frame; frame = frameAt(bytes, end)) {
    texts.push(frame.toString());
    end += headSize + frame.length;
  }
  if (end === bytes.length) return { texts, end };
  return { texts, end, rest: isTorn(bytes, end) ? 'torn' : 'damaged' };
}

/** The payload of a whole frame. */
function frameAt(bytes: Buffer, at: number): Buffer | undefined {
  const length = lengthAt(bytes, at);
  if (length === undefined || at + headSize + length > bytes.length) return undefined;
  const payload = bytes.subarray(at + headSize, at + headSize + length);
  return crc32(payload) === bytes.readUInt32BE(at + 8) ? payload : undefined;
}

/** What a frame's head says, when it is one. */
function lengthAt(bytes: Buffer, at: number): number | undefined {
  if (at + headSize > bytes.length || bytes.readUInt32BE(at) !== mark) return undefined;
  return crc32(bytes.subarray(at, at + 12)) === bytes.readUInt32BE(at + 12) ? bytes.readUInt32BE(at + 4) : undefined;
}

/**
 * Each frame is on the disk before the next one is written: only the last one can be torn. A torn one is short, or its
 * blocks were never written and are zeros, which no text has.
 */
function isTorn(bytes: Buffer, at: number): boolean {
  if (wholeFrameAfter(bytes, at)) return false;
  const rest = bytes.subarray(at);
  const length = lengthAt(bytes, at);
  if (length === undefined) return rest.length < headSize || rest.every((byte) => byte === 0);
  if (rest.length < headSize + length) return true;
  const payload = rest.subarray(headSize, headSize + length);
  return payload.at(-1) === 0 || payload.includes(Buffer.alloc(8));
}

function wholeFrameAfter(bytes: Buffer, at: number): boolean {
  const begins = Buffer.alloc(4);
  begins.writeUInt32BE(mark);
  for (let next = bytes.indexOf(begins, at + 1); next >= 0; next = bytes.indexOf(begins, next + 1)) if (frameAt(bytes, next)) return true;
  return false;
}
