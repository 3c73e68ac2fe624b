// Names and times of events: each is a microsecond later than the one before, whoever writes it, so that the order of
// names is that in which they were written.
import { type Clock, hexByte, hexDigit, timestamp } from '../sim/index.ts';

/** The last microsecond that was given, of each clock. */
const lasts = new WeakMap<Clock, { time: number }>();

function lastOf(clock: Clock): { time: number } {
  let last = lasts.get(clock);
  if (!last) lasts.set(clock, (last = { time: 0 }));
  return last;
}

export class EventNames {
  #clock: Clock;
  #offset: number;
  #last: { time: number };
  #upper = { number: -1, text: '' };

  /** `offset`, 0 to 999: the recorder's own place within a microsecond. */
  constructor(clock: Clock, offset: number) {
    this.#clock = clock;
    this.#offset = offset;
    this.#last = lastOf(clock);
  }

  /** `web.18869a0b5f2c3d10`: the nanosecond of the event in hex. */
  next(name: string): string {
    this.#advance();
    return `${name}.${this.#hex(this.#last.time)}`;
  }

  /** The time of the last name, as a `metav1.MicroTime`. */
  get time(): string {
    return microTime(this.#last.time);
  }

  /** Now, but later than what was named before. */
  now(): string {
    this.#advance();
    return this.time;
  }

  #advance(): void {
    this.#last.time = Math.max(this.#last.time + 1, Math.floor(this.#clock.now * 1000));
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
