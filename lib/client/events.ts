// client-go's event recorder: equal events are counted, chatty ones are dropped.
import type { KubeObject, Manifest } from '../api/index.ts';
import { type Clock, timestamp } from '../sim/index.ts';

interface Seen {
  name: string;
  namespace: string;
  count: number;
  first: string;
}

export interface RecorderOptions {
  component: string;
  host?: string;
  clock: Clock;
  /** False writes every event: nothing is aggregated or dropped. */
  limits?: boolean;
  /** Writes the event; false when its name is taken (another component spoke of the object in the same nanosecond). */
  create(event: Manifest): boolean;
  /** 0 to 999: the recorder's own place within a microsecond, so that names rarely meet. */
  offset: number;
  /** Raises the count of an event that was written before; throws when it has expired meanwhile. */
  patch(key: { namespace: string; name: string }, patch: object): void;
}

/** How many events of one object pass before the recorder drops some, and how many a second it regains. */
const burst = 25;
const refillPerSecond = 1 / 300;
/** Events that differ in their message only: after ten within ten minutes the rest count as one. */
const similarLimit = 10;
const similarWindow = 600_000;

export class EventRecorder {
  #options: RecorderOptions;
  #seen = new Map<string, Seen>();
  #tokens = new Map<string, { left: number; at: number }>();
  #similar = new Map<string, { messages: Set<string>; at: number }>();
  #last = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  record(about: KubeObject, type: string, reason: string, text: string, fieldPath?: string): void {
    const { clock, component, host } = this.#options;
    const limited = this.#options.limits !== false;
    const group = `${about.metadata.uid}\n${reason}\n${fieldPath ?? ''}\n${type}`;
    const combined = limited && this.#isOneOfMany(group, text);
    const message = combined ? `(combined from similar events): ${text}` : text;
    const key = combined ? group : `${group}\n${text}`;
    if (limited && !this.#mayPass(about.metadata.uid ?? about.metadata.name)) return;
    const now = timestamp(clock.now);
    const seen = this.#seen.get(key);
    if (seen && this.#countUp(seen, now, message)) return;
    const { namespace = 'default', name } = about.metadata;
    const event = { name: this.#eventName(name), namespace, count: 1, first: now };
    this.#remember(key, event);
    const written = (): boolean => this.#options.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: event.name, namespace },
      involvedObject: referenceTo(about, fieldPath),
      reason,
      message,
      source: host ? { component, host } : { component },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    });
    while (!written()) event.name = this.#eventName(name);
  }

  /** client-go's aggregator: the message is left out of the comparison. */
  #isOneOfMany(group: string, message: string): boolean {
    const { now } = this.#options.clock;
    let similar = this.#similar.get(group);
    if (!similar || now - similar.at > similarWindow) this.#similar.set(group, (similar = { messages: new Set(), at: now }));
    similar.at = now;
    if (similar.messages.has(message)) return false;
    if (similar.messages.size >= similarLimit - 1) return true;
    similar.messages.add(message);
    return false;
  }

  #countUp(seen: Seen, lastTimestamp: string, message: string): boolean {
    try {
      this.#options.patch({ namespace: seen.namespace, name: seen.name }, { count: seen.count + 1, lastTimestamp, message });
      seen.count++;
      return true;
    } catch {
      return false;
    }
  }

  #remember(key: string, seen: Seen): void {
    if (this.#seen.size >= 4096) this.#seen.delete(this.#seen.keys().next().value!);
    this.#seen.set(key, seen);
  }

  /** `web.18869a0b5f2c3d10`: the nanosecond of the event in hex, made unique within the recorder. */
  #eventName(name: string): string {
    this.#last = Math.max(this.#last + 1, this.#options.clock.now * 1000);
    return `${name}.${nanosecondsHex(this.#last, this.#options.offset)}`;
  }

  #mayPass(about: string): boolean {
    const { now } = this.#options.clock;
    let bucket = this.#tokens.get(about);
    if (!bucket) this.#tokens.set(about, (bucket = { left: burst, at: now }));
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * refillPerSecond);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  }
}

/** Microseconds and nanoseconds as one number in hex; it has more than the 53 bits of a number. */
function nanosecondsHex(microseconds: number, nanoseconds: number): string {
  const [high, low] = [Math.floor(microseconds / 2 ** 20), microseconds % 2 ** 20];
  const lower = low * 1000 + nanoseconds;
  const upper = high * 1000 + Math.floor(lower / 2 ** 20);
  return upper.toString(16) + (lower % 2 ** 20).toString(16).padStart(5, '0');
}

/** An ObjectReference, as events carry it. */
export function referenceTo({ kind, apiVersion, metadata }: KubeObject, fieldPath?: string): Record<string, string> {
  const { name, namespace, uid, resourceVersion } = metadata;
  const reference: Record<string, string> = namespace ? { kind, namespace, name, uid, apiVersion, resourceVersion } : { kind, name, uid, apiVersion, resourceVersion };
  if (fieldPath) reference.fieldPath = fieldPath;
  return reference;
}

