// Names and times of events: no two events of a recorder share a microsecond.
import { type Clock, hexByte, hexDigit, timestamp } from '../sim/index.ts';

export class EventNames {
  #clock: Clock;
  #offset: number;
  #last = 0;
  #upper = { number: -1, text: '' };

  /** `offset`, 0 to 999, is the recorder's own place within a microsecond, so that its names rarely meet those of another. */
  constructor(clock: Clock, offset: number) {
    this.#clock = clock;
    this.#offset = offset;
  }

  /** `web.18869a0b5f2c3d10`: the nanosecond of the event in hex. */
  next(name: string): string {
    this.#advance();
    return `${name}.${this.#hex(this.#last)}`;
  }

  /** When the last name was given, as a `metav1.MicroTime`. */
  get time(): string {
    return microTime(this.#last);
  }

  /** Now, but later than what was named before. */
  now(): string {
    this.#advance();
    return this.time;
  }

  #advance(): void {
    this.#last = Math.max(this.#last + 1, Math.floor(this.#clock.now * 1000));
  }

  /** Microseconds and the recorder's offset as one number of nanoseconds in hex; it has more than the 53 bits of a number. */
  #hex(microseconds: number): string {
    const lower = (microseconds % 2 ** 20) * 1000 + this.#offset;
    const upper = Math.floor(microseconds / 2 ** 20) * 1000 + Math.floor(lower / 2 ** 20);
    // Events of one second share the upper part.
    if (this.#upper.number !== upper) this.#upper = { number: upper, text: upper.toString(16) };
    const rest = lower % 2 ** 20;
    return this.#upper.text + hexByte[rest >>> 12] + hexByte[(rest >>> 4) & 255] + hexDigit[rest & 15];
  }
}

const microTime = (microseconds: number) => `${timestamp(microseconds / 1000).slice(0, 19)}.${String(microseconds % 1_000_000).padStart(6, '0')}Z`;
