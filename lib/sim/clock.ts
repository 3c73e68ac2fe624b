/** Virtual time in milliseconds since 1970. It moves only when the loop moves it. */
export interface Timer {
  readonly at: number;
  cancelled: boolean;
}

interface Entry extends Timer {
  readonly order: number;
  readonly run: () => void;
}

/** A new cluster's first moment: 2026-01-01T00:00:00Z. */
export const epoch = Date.UTC(2026, 0, 1);

export class Clock {
  now: number;
  #heap: Entry[] = [];
  #order = 0;

  constructor(start = epoch) {
    this.now = start;
  }

  /** Runs `run` once, `delay` milliseconds from now (timers of one instant run in the order they were set). */
  after(delay: number, run: () => void): Timer {
    const entry: Entry = { at: this.now + Math.max(0, delay), order: this.#order++, run, cancelled: false };
    this.#push(entry);
    return entry;
  }

  cancel(timer: Timer | undefined): void {
    if (timer) timer.cancelled = true;
  }

  /** When the next timer is due, or undefined when none is set. */
  next(): number | undefined {
    while (this.#heap[0]?.cancelled) this.#pop();
    return this.#heap[0]?.at;
  }

  /** Runs every timer that is due now. */
  runDue(): void {
    for (let at = this.next(); at !== undefined && at <= this.now; at = this.next()) this.#pop()!.run();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const daySeconds = 86_400;
let day = Number.NaN;
let dayText = '';

/** `2026-01-01T00:00:00`; the calendar is asked once for each day. */
function secondText(seconds: number): string {
  const today = Math.floor(seconds / daySeconds);
  if (today !== day) {
    day = today;
    dayText = new Date(today * daySeconds * 1000).toISOString().slice(0, 11);
  }
  const rest = seconds - today * daySeconds;
  return `${dayText}${twoDigits[Math.floor(rest / 3600)]}:${twoDigits[Math.floor(rest / 60) % 60]}:${twoDigits[rest % 60]}`;
}

let stampAt = -1;
let stamp = '';
/** RFC 3339 with whole seconds, as Kubernetes writes times: `2026-01-01T00:00:00Z`. */
export function timestamp(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds !== stampAt) {
    stampAt = seconds;
    stamp = `${secondText(seconds)}Z`;
  }
  return stamp;
}

/** RFC 3339 with microseconds (`metav1.MicroTime`), as leases and events use. */
export function microTimestamp(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${secondText(seconds)}.${String(Math.floor(milliseconds - seconds * 1000)).padStart(3, '0')}000Z`;
}

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Milliseconds of a Go-like duration (`90s`, `1m30s`, `250ms`, `2d`) or of a plain number of milliseconds. */
export function duration(text: string | number): number {
  if (typeof text === 'number') return text;
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map((p) => p[0]).join('') !== text.trim()) {
    throw new RangeError(`invalid duration ${JSON.stringify(text)}: 30s, 5m, 1h30m처럼 적는다`);
  }
  return parts.reduce((sum, [, n, unit]) => sum + Number(n) * units[unit!]!, 0);
}
