// client-go's event recorder: equal events are counted, chatty ones are dropped.
import type { KubeObject, Manifest } from '../api/index.ts';
import { type Clock, timestamp } from '../sim/index.ts';
import { EventNames } from './event-names.ts';

/** An event that was written: when it comes again it is counted. */
interface Seen {
  message: string;
  name: string;
  namespace: string;
  count: number;
}

/** Events of one object that differ in their message only. */
interface Similar {
  reason: string;
  type: string;
  fieldPath: string | undefined;
  /** Nearly always there is one message; a table is made for more. */
  first: Seen | undefined;
  others: Map<string, Seen> | undefined;
  combined: Seen | undefined;
  /** Messages of the last ten minutes, as far as the aggregator needs to know them. */
  messages: Set<string> | undefined;
  at: number;
}

/** What the recorder remembers of one object. */
interface Known {
  similar: Similar[];
  tokens: number;
  at: number;
}

export interface RecorderOptions {
  component: string;
  host?: string;
  clock: Clock;
  /** False writes every event: nothing is aggregated or dropped. */
  limits?: boolean;
  /** Writes the event; false when its name is taken (another component spoke of the object in the same nanosecond). */
  create(event: Manifest): boolean;
  /** As in {@link EventNames}. */
  offset: number;
  /** Raises the count of an event that was written before; throws when it has expired meanwhile. */
  patch(key: { namespace: string; name: string }, patch: object): void;
}

/** How many events of one object pass before the recorder drops some, and how many a second it regains. */
const burst = 25;
/** How many objects a recorder remembers, and how many messages of one reason. */
const objectLimit = 4096;
const messageLimit = 64;
const refillPerSecond = 1 / 300;
/** Events that differ in their message only: after ten within ten minutes the rest count as one. */
const similarLimit = 10;
const similarWindow = 600_000;

export class EventRecorder {
  #options: RecorderOptions;
  #known = new Map<string, Known>();
  #names: EventNames;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#names = new EventNames(options.clock, options.offset);
  }

  record(about: KubeObject, type: string, reason: string, text: string, fieldPath?: string): void {
    const { clock, limits } = this.#options;
    const known = this.#of(about.metadata.uid ?? about.metadata.name);
    const similar = similarIn(known, type, reason, fieldPath);
    const combined = limits !== false && this.#isOneOfMany(similar, text);
    if (limits !== false && !this.#mayPass(known)) return;
    const message = combined ? `(combined from similar events): ${text}` : text;
    const now = timestamp(clock.now);
    const seen = combined ? similar.combined : seenIn(similar, text);
    if (seen && this.#countUp(seen, now, message)) return;
    const written = this.#write(about, type, reason, message, fieldPath, now);
    if (combined) similar.combined = written;
    else remember(similar, written);
  }

  #write(about: KubeObject, type: string, reason: string, message: string, fieldPath: string | undefined, now: string): Seen {
    const { component, host, create } = this.#options;
    const { namespace = 'default', name } = about.metadata;
    const involvedObject = referenceTo(about, fieldPath);
    const source = host ? { component, host } : { component };
    for (;;) {
      const metadata = { name: this.#names.next(name), namespace };
      const event = { apiVersion: 'v1', kind: 'Event', metadata, involvedObject, reason, message, source, firstTimestamp: now, lastTimestamp: now, count: 1, type, eventTime: null, reportingComponent: component, reportingInstance: host ?? '' };
      if (create(event)) return { message, name: metadata.name, namespace, count: 1 };
    }
  }

  #of(object: string): Known {
    let known = this.#known.get(object);
    if (known) return known;
    if (this.#known.size >= objectLimit) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(object, (known = { similar: [], tokens: burst, at: this.#options.clock.now }));
    return known;
  }

  /** client-go's aggregator: the message is left out of the comparison. */
  #isOneOfMany(similar: Similar, message: string): boolean {
    const { now } = this.#options.clock;
    if (!similar.messages || now - similar.at > similarWindow) similar.messages = new Set();
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

  #mayPass(known: Known): boolean {
    const { now } = this.#options.clock;
    known.tokens = Math.min(burst, known.tokens + ((now - known.at) / 1000) * refillPerSecond);
    known.at = now;
    if (known.tokens < 1) return false;
    known.tokens--;
    return true;
  }
}

function similarIn({ similar }: Known, type: string, reason: string, fieldPath: string | undefined): Similar {
  for (let i = 0; i < similar.length; i++) {
    const one = similar[i]!;
    if (one.reason === reason && one.type === type && one.fieldPath === fieldPath) return one;
  }
  const fresh: Similar = { reason, type, fieldPath, first: undefined, others: undefined, combined: undefined, messages: undefined, at: 0 };
  similar.push(fresh);
  return fresh;
}

function seenIn({ first, others }: Similar, message: string): Seen | undefined {
  return first?.message === message ? first : others?.get(message);
}

/** In place of the one with this message, if there was one: it has expired meanwhile. */
function remember(similar: Similar, written: Seen): void {
  if (!similar.first || similar.first.message === written.message) {
    similar.first = written;
    return;
  }
  const others = (similar.others ??= new Map());
  if (others.size >= messageLimit) others.delete(others.keys().next().value!);
  others.set(written.message, written);
}

/** An ObjectReference, as events carry it. */
export function referenceTo({ kind, apiVersion, metadata }: KubeObject, fieldPath?: string): Record<string, string> {
  const { name, namespace, uid, resourceVersion } = metadata;
  const reference: Record<string, string> = namespace ? { kind, namespace, name, uid, apiVersion, resourceVersion } : { kind, name, uid, apiVersion, resourceVersion };
  if (fieldPath) reference.fieldPath = fieldPath;
  return reference;
}

