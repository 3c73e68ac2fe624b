// client-go's recorder for events.k8s.io, as the scheduler uses it: what comes again becomes a series, which is written
// at its start, and then only now and then. Nothing is aggregated or dropped.
import { isNotFound, type KubeObject, type Manifest, StatusError, type Version } from '../api/index.ts';
import type { Clock, Timer } from '../sim/index.ts';
import { ConnectionError } from './connection-error.ts';
import { EventNames } from './event-names.ts';
import { referenceTo } from './events.ts';

/** The end of a series, six minutes after it was last observed, is looked for so often. */
const finishTime = 360_000;
/** So often every series is written, so that it does not expire. */
const refreshTime = 1_800_000;

export interface NewEvent {
  regarding: KubeObject;
  related?: KubeObject | undefined;
  type: string;
  reason: string;
  /** What was done, or tried: `Binding`. */
  action: string;
  note: string;
  reportingController: string;
}

interface Series {
  count: number;
  lastObservedTime: string;
}

/** An event that was recorded; equal ones make a series of it. */
interface Known {
  event: Manifest;
  series: Series | undefined;
  /** When it was last observed, in milliseconds. */
  at: number;
}

export interface BroadcasterOptions {
  host: string;
  clock: Clock;
  version: Version;
  /** As in {@link EventNames}. */
  offset: number;
  /** When the process started: from then on series are looked at in turn. */
  started: number;
  /** In the form of core/v1, for good. False: its name is taken. */
  create(event: Manifest): boolean;
  /** Through events.k8s.io/v1, whose rules are stricter. */
  createStrictly(event: Manifest): void;
  patch(key: { namespace: string; name: string }, patch: object): void;
}

export class EventBroadcaster {
  #options: BroadcasterOptions;
  #names: EventNames;
  #known = new Map<string, Known>();
  #timer: Timer | undefined;

  constructor(options: BroadcasterOptions) {
    this.#options = options;
    this.#names = new EventNames(options.clock, options.offset);
  }

  record(what: NewEvent): void {
    const { clock } = this.#options;
    const key = isomorphicKey(what);
    const known = this.#known.get(key);
    if (known) return this.#again(known);
    this.#known.set(key, { event: this.#write(what), series: undefined, at: clock.now });
    this.#timer ??= clock.after(this.#untilTick(), () => this.#tick());
  }

  stop(): void {
    this.#options.clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#known.clear();
  }

  #write(what: NewEvent): Manifest {
    for (;;) {
      const event = this.#eventOf(what);
      if (this.#options.create(event)) return event;
    }
  }

  #eventOf({ regarding, related, type, reason, action, note: message, reportingController }: NewEvent): Manifest {
    const { namespace = 'default', name } = regarding.metadata;
    const metadata = { name: this.#names.next(name), namespace };
    const reportingInstance = `${reportingController}-${this.#options.host}`;
    const event = { apiVersion: '', kind: 'Event', metadata, involvedObject: referenceTo(regarding), reason, message, source: {}, firstTimestamp: null, lastTimestamp: null, type, eventTime: this.#names.time, action, reportingComponent: reportingController, reportingInstance };
    return related ? { ...event, related: referenceTo(related) } : event;
  }

  #again(known: Known): void {
    const { clock, version } = this.#options;
    known.at = clock.now;
    const lastObservedTime = this.#names.now();
    if (known.series) {
      known.series = { count: known.series.count + 1, lastObservedTime };
      return;
    }
    known.series = { count: version.has('event-series-from-two') ? 2 : 1, lastObservedTime };
    this.#writeSeries(known);
  }

  /** False when it should be tried again: the server did not answer. What the server refuses is lost. */
  #writeSeries({ event, series }: Known): boolean {
    const { namespace = '', name = '' } = event.metadata!;
    const { patch, createStrictly } = this.#options;
    try {
      try {
        patch({ namespace, name }, { series });
      } catch (error) {
        if (!isNotFound(error)) throw error;
        createStrictly({ ...event, metadata: { name, namespace }, series });
      }
      return true;
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
      return error instanceof StatusError;
    }
  }

  #untilTick(): number {
    const { clock, started } = this.#options;
    return finishTime - ((clock.now - started) % finishTime);
  }

  #tick(): void {
    const { clock, started } = this.#options;
    if ((clock.now - started) % refreshTime === 0) for (const known of this.#known.values()) if (known.series) this.#writeSeries(known);
    for (const [key, known] of this.#known) {
      if (known.at < clock.now - finishTime && (!known.series || this.#writeSeries(known))) this.#known.delete(key);
    }
    this.#timer = this.#known.size > 0 ? clock.after(this.#untilTick(), () => this.#tick()) : undefined;
  }
}

/** The note is not looked at, but the version of the object is: after a change of it an event is a new one. */
function isomorphicKey({ regarding, related, type, reason, action, reportingController }: NewEvent): string {
  const { uid, resourceVersion } = regarding.metadata;
  const own = `${uid}/${resourceVersion}/${reason}/${action}/${type}/${reportingController}`;
  return related ? `${own}/${related.metadata.uid}/${related.metadata.resourceVersion}` : own;
}
