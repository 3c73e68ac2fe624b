// Pods that wait for a node. Active: to be tried now. Back-off: failed a moment ago. Unschedulable: nothing has changed
// since they failed that could help.
import { equal, type Pod } from '../api/index.ts';
import type { Clock, Timer } from '../sim/index.ts';
import { Heap } from './heap.ts';
import { Nominator } from './nominator.ts';
import { podKey } from './pod-info.ts';

const initialBackoff = 1000;
const maxBackoff = 10_000;
const backoffFlush = 1000;
const unschedulableFlush = 30_000;

export interface QueuedPod {
  pod: Pod;
  priority: number;
  where: 'active' | 'backoff' | 'unschedulable' | 'tried' | 'gone';
  /** When it last entered the queue (milliseconds). */
  since: number;
  attempts: number;
  /** The plugins that refused it. */
  plugins: ReadonlySet<string>;
  readonly order: number;
}

interface Waiting {
  until: number;
  entry: QueuedPod;
}

const earlier = (a: Waiting, b: Waiting) => a.until < b.until || (a.until === b.until && a.entry.order < b.entry.order);
/** An entry that was updated meanwhile has left the back-off before its time. */
const isPresent = ({ entry, until }: Waiting) => entry.where === 'backoff' && until === entry.since + backoffOf(entry.attempts);

export interface QueueOptions {
  clock: Clock;
  /** How long a pod stays unschedulable without an event (milliseconds). */
  maxUnschedulable?: number;
  /** Called when there is something to schedule. */
  wake?: () => void;
  /** Every update of a waiting pod makes it be tried at once, as in old releases. */
  hasty?: boolean;
  /** While nothing else is to be done, pods need not wait for the end of their back-off. */
  impatient?: boolean;
  /** A pod whose attempt was an error waits for an event, as in old releases. */
  errorsWait?: boolean;
  /** Whether a pod that waits for events is tried again after a change of its own; by default after any of spec or metadata. */
  helpsItself?: (entry: QueuedPod, old: Pod) => boolean;
  /** Is told which waiting pods are promised a node. */
  nominator?: Nominator;
}

export class SchedulingQueue {
  readonly #clock: Clock;
  readonly #maxUnschedulable: number;
  readonly #wake: () => void;
  readonly #nominator: Nominator;
  readonly #hasty: boolean;
  readonly #impatient: boolean;
  readonly #errorsWait: boolean;
  readonly #helpsItself: (entry: QueuedPod, old: Pod) => boolean;
  readonly #started: number;
  #pods = new Map<string, QueuedPod>();
  #unschedulable = new Set<QueuedPod>();
  /** Higher priority first, then the one that waits longer. */
  #active = new Heap<QueuedPod>((a, b) => {
    if (a.priority !== b.priority) return a.priority > b.priority;
    return a.since < b.since || (a.since === b.since && a.order < b.order);
  });
  #backoff = new Heap<Waiting>(earlier);
  /** Those whose last attempt was an error. */
  #afterError = new Heap<Waiting>(earlier);
  #order = 0;
  #timers: { backoff?: Timer; unschedulable?: Timer } = {};

  constructor({ clock, maxUnschedulable = 5 * 60_000, wake = () => {}, nominator = new Nominator(), hasty = false, impatient = false, errorsWait = false, helpsItself = isChanged }: QueueOptions) {
    this.#clock = clock;
    this.#started = clock.now;
    this.#maxUnschedulable = maxUnschedulable;
    this.#wake = wake;
    this.#nominator = nominator;
    this.#hasty = hasty;
    this.#impatient = impatient;
    this.#errorsWait = errorsWait;
    this.#helpsItself = helpsItself;
  }

  /** True while a pod can be popped. */
  get ready(): boolean {
    for (let top = this.#active.peek(); top; top = this.#active.peek()) {
      if (top.where === 'active') return true;
      this.#active.pop();
    }
    return this.#impatient && this.#takeFromBackoff();
  }

  #takeFromBackoff(): boolean {
    for (let top = this.#backoff.pop(); top; top = this.#backoff.pop()) {
      if (!isPresent(top)) continue;
      this.#activate(top.entry);
      return true;
    }
    return false;
  }

  isActive(pod: Pod): boolean {
    return this.#pods.get(podKey(pod))?.where === 'active';
  }

  get unschedulable(): number {
    return this.#unschedulable.size;
  }

  add(pod: Pod): void {
    if (this.#pods.has(podKey(pod))) return this.update(pod);
    const entry: QueuedPod = { pod, priority: pod.spec.priority ?? 0, where: 'tried', since: this.#clock.now, attempts: 0, plugins: new Set(), order: this.#order++ };
    this.#pods.set(podKey(pod), entry);
    this.#nominator.add(pod);
    this.#activate(entry);
  }

  /** A change of its spec or metadata may make a waiting pod schedulable, a change of its status cannot. */
  update(pod: Pod): void {
    const entry = this.#pods.get(podKey(pod));
    if (!entry) return this.add(pod);
    const old = entry.pod;
    entry.pod = pod;
    this.#nominator.update(old, pod);
    if (this.#hasty) return this.#retryAtOnce(entry, old);
    if (entry.where === 'unschedulable' && this.#helpsItself(entry, old)) this.#move(entry);
  }

  /** A field of the status that is new or gone changes managedFields too: that was taken for a change of the pod. */
  #retryAtOnce(entry: QueuedPod, old: Pod): void {
    const changed = () => isChanged(entry, old) || fieldsOf(old.status) !== fieldsOf(entry.pod.status);
    if (entry.where === 'backoff' || (entry.where === 'unschedulable' && changed())) this.#activate(entry);
  }

  /** It waits for no event any more, only for its back-off. */
  backOff(entry: QueuedPod): void {
    if (entry.where === 'unschedulable') this.#move(entry, this.#afterError);
  }

  delete(pod: Pod): void {
    const entry = this.#pods.get(podKey(pod));
    if (!entry) return;
    this.#pods.delete(podKey(pod));
    this.#unschedulable.delete(entry);
    this.#nominator.delete(pod);
    entry.where = 'gone';
  }

  pop(): QueuedPod | undefined {
    if (!this.ready) return undefined;
    const entry = this.#active.pop()!;
    entry.where = 'tried';
    entry.attempts++;
    return entry;
  }

  /** Its node is found: it has left the queue. */
  done(entry: QueuedPod): void {
    this.delete(entry.pod);
  }

  /** No node was found: it waits for an event. */
  failed(entry: QueuedPod, plugins: ReadonlySet<string>): void {
    if (entry.where !== 'tried') return;
    entry.where = 'unschedulable';
    entry.plugins = plugins;
    entry.since = this.#clock.now;
    this.#unschedulable.add(entry);
    this.#setTimers();
  }

  /** An attempt ended with an error: it is tried again after its back-off, event or not; in old releases it waits for any event. */
  retry(entry: QueuedPod): void {
    if (this.#errorsWait) return this.failed(entry, new Set());
    if (entry.where !== 'tried') return;
    entry.since = this.#clock.now;
    this.#move(entry, this.#afterError);
  }

  /** Something happened: those for which it may help are tried again, at once or after their back-off. */
  moveAll(helps: (entry: QueuedPod) => boolean = () => true): void {
    for (const entry of this.#unschedulable) if (helps(entry)) this.#move(entry);
  }

  stop(): void {
    for (const timer of Object.values(this.#timers)) this.#clock.cancel(timer);
    this.#timers = {};
  }

  #activate(entry: QueuedPod): void {
    this.#unschedulable.delete(entry);
    entry.where = 'active';
    this.#active.push(entry);
    this.#wake();
  }

  #move(entry: QueuedPod, backoff = this.#backoff): void {
    const until = entry.since + backoffOf(entry.attempts);
    if (until <= this.#clock.now) return this.#activate(entry);
    this.#unschedulable.delete(entry);
    entry.where = 'backoff';
    backoff.push({ until, entry });
    if (this.#impatient && backoff === this.#backoff) this.#wake();
    this.#setTimers();
  }

  /** The queue looks after its pods once a second and every 30 seconds, counted from its start. */
  #setTimers(): void {
    const next = (at: number, every: number) => this.#started + Math.ceil((at - this.#started) / every) * every - this.#clock.now;
    const first = Math.min(this.#backoff.peek()?.until ?? Infinity, this.#afterError.peek()?.until ?? Infinity);
    if (Number.isFinite(first) && !this.#timers.backoff) {
      this.#timers.backoff = this.#clock.after(next(Math.max(first, this.#clock.now), backoffFlush), () => this.#flushBackoff());
    }
    if (this.#unschedulable.size > 0 && !this.#timers.unschedulable) {
      this.#timers.unschedulable = this.#clock.after(next(this.#clock.now + 1, unschedulableFlush), () => this.#flushUnschedulable());
    }
  }

  #flushBackoff(): void {
    delete this.#timers.backoff;
    for (const backoff of [this.#backoff, this.#afterError]) {
      for (let top = backoff.peek(); top && top.until <= this.#clock.now; top = backoff.peek()) {
        backoff.pop();
        if (isPresent(top)) this.#activate(top.entry);
      }
    }
    this.#setTimers();
  }

  #flushUnschedulable(): void {
    delete this.#timers.unschedulable;
    for (const entry of this.#unschedulable) if (this.#clock.now - entry.since > this.#maxUnschedulable) this.#move(entry);
    this.#setTimers();
  }
}

/** 1 s after the first attempt, doubled by each further one, at most 10 s. */
export const backoffOf = (attempts: number): number => Math.min(maxBackoff, initialBackoff * 2 ** Math.max(0, attempts - 1));

/** The names of all fields, without their values; a condition goes by its type. */
function fieldsOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return '';
  const fields = Object.entries(value).map(([key, field]) => `${field?.type ?? key}{${fieldsOf(field)}}`);
  return fields.sort().join();
}

const isChanged = ({ pod }: QueuedPod, old: Pod): boolean => !equal(relevant(old), relevant(pod));

const relevant = ({ metadata: { resourceVersion: _v, generation: _g, managedFields: _m, ...metadata }, spec }: Pod) => ({ metadata, spec });
