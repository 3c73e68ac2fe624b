// Every committed revision as one transaction of a real etcd, in order. Nobody is told of one before etcd has it.
// Differs from Kubernetes: our store commits first and etcd confirms, so that a write of somebody else that comes between is no
// event but a new start of the control plane; and while etcd is gone, reading goes on from memory.
import { StatusError } from '../../api/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import type { Snapshot } from '../../etcd/index.ts';
import { type EtcdClient, EtcdError, everything, type RawEvent, type WatchAnswer } from './etcd-client.ts';
import { foreignChanges, StrangeKeys } from './etcd-foreign.ts';
import { clockKey, identityKey, type Sent } from './etcd-keys.ts';
import { load, type Loaded } from './etcd-load.ts';
import { EtcdWriter, TakenOver } from './etcd-writer.ts';
import { entriesOf, type Found, type Identity, type Keeper, type KeeperVoice, preloaded, requestTimedOut, spaceExceeded } from './keeper.ts';
import { KeepError } from './problems.ts';
import { Progress } from './progress.ts';
import { encoder, Replay, type Transaction, transactionsOf } from './transactions.ts';

/** Milliseconds after which etcd is tried again. */
const retryAfter = 500;
/** The cluster's clock is written when it has moved so far. */
const clockStep = 1000;
/** As kube-apiserver asks etcd to forget. */
const compactEvery = 300_000;
const keepAliveEvery = 600_000;
/** What etcd will never take, however often it is sent. */
const unacceptable = /too large|too many operations|lease not found/;

const snapshotOf = ({ revision, time, kvs }: Loaded): Snapshot => new Replay({ revision, time, kvs }).snapshot;
const pause = () => new Promise((resolve) => setTimeout(resolve, retryAfter));

export class EtcdMirror implements Keeper {
  readonly found: Found | undefined;
  readonly empty: Snapshot | undefined;
  readonly progress: Progress;
  #client: EtcdClient;
  #voice: KeeperVoice;
  #writer: EtcdWriter;
  #cluster!: Cluster;
  #entries!: ReturnType<typeof entriesOf>;
  #queue: Sent[] = [];
  /** Our own keys that go with the next transaction. */
  #extra: { key: string; value: unknown }[] = [];
  /** Up to this revision the store's log has been taken in. */
  #taken: number;
  #clock = 0;
  #running: Promise<void> | undefined;
  /** Changes that etcd has told of and nobody has looked at. */
  #events: RawEvent[] = [];
  #strange: StrangeKeys;
  /** Our store is no longer what etcd holds. */
  #stale = false;
  #compactTo = 0;
  #closing = false;
  #timers: NodeJS.Timeout[] = [];

  constructor(client: EtcdClient, { voice, owned, loaded }: { voice: KeeperVoice; owned: number; loaded: Loaded }) {
    this.#client = client;
    this.#voice = voice;
    const { identity, time, revision, foreign, kvs } = loaded;
    this.#writer = new EtcdWriter(client, { owned, kvs });
    if (identity) this.found = { snapshot: snapshotOf(loaded), time, identity };
    else this.empty = { revision, compactRevision: revision, kvs: [], history: [], leases: [] };
    this.progress = new Progress(revision);
    this.#taken = revision;
    this.#strange = new StrangeKeys(voice);
    this.#strange.replace(foreign);
  }

  async attach(cluster: Cluster, identity: Identity): Promise<void> {
    this.#cluster = cluster;
    const { store } = this.#storage;
    this.#entries = entriesOf(cluster, store.compactRevision);
    this.know(identity);
    if (!this.found) for (const transaction of preloaded(this.#entries, this.progress.kept)) this.#push(transaction);
    this.take();
    try {
      await this.progress.reached(store.revision);
    } catch {
      throw new KeepError(this.#client.url.origin, '클러스터의 처음 상태를 쓰다가 끊겼다.', 'etcd가 건강한지 etcdctl endpoint health 로 확인하고 다시 실행한다.');
    }
    void this.#follow();
    void this.#writer.leases.keepAlive();
    this.#timers = [setInterval(() => void this.#compact(), compactEvery).unref(), setInterval(() => void this.#writer.leases.keepAlive(), keepAliveEvery).unref()];
  }

  /** It goes with the next transaction: what the cloud has done the cluster writes down at once. */
  know(identity: Identity): void {
    this.#extra = [...this.#extra.filter(({ key }) => key !== identityKey), { key: identityKey, value: identity }];
  }

  get #storage() {
    return this.#cluster.server.storage;
  }

  take(): void {
    const entries = this.#entries.read().filter(({ kv }) => kv.modRevision > this.#taken);
    if (entries.length > 0) {
      const { time, withManagedFields, ttlOf } = this.#entries;
      for (const transaction of transactionsOf(entries, { time, encode: encoder(withManagedFields), ttlOf, withBefore: true })) this.#push(transaction);
    }
    this.#start();
  }

  /** The clock goes with it now and then, and what else we have to write. */
  #push(transaction: Transaction): void {
    const { revision, time, changes, before = [] } = transaction;
    const extra = this.#extra.splice(0);
    if (time - this.#clock >= clockStep) extra.push({ key: clockKey, value: (this.#clock = time) });
    this.#queue.push({ ...transaction, before: before.map((seen, i) => this.#strange.since(changes[i]!.key) ?? seen), extra });
    this.#taken = revision;
  }

  #start(): void {
    if (this.#queue.length > 0 || this.#stale) this.#running ??= this.#run();
  }

  /** One thing after the other: transactions in their order, and reading anew when they no longer fit. */
  async #run(): Promise<void> {
    await undefined;
    for (let again = false; (this.#queue.length > 0 || this.#stale) && !this.#closing; ) {
      try {
        if (this.#stale) await this.#reload();
        else if (await this.#writer.send(this.#queue[0]!, again)) this.#kept();
        else this.#stale = true;
        again = false;
      } catch (error) {
        if (error instanceof TakenOver) this.#stop();
        else if (error instanceof EtcdError && unacceptable.test(error.message)) this.#dropped(error);
        else {
          again = true;
          this.#lost(error);
          await pause();
        }
      }
    }
    this.#running = undefined;
    this.#look();
  }

  #kept(): void {
    const { revision, changes } = this.#queue.shift()!;
    this.#strange.overwritten(changes);
    void this.#writer.leases.forget(changes, (id) => this.#entries.store.ttlOf(id) !== undefined);
    this.progress.advance(revision);
    this.#answers();
  }

  #lost(error: unknown): void {
    const known = this.#storage.refusal !== undefined;
    this.#refuse(error instanceof EtcdError && error.message.includes('space exceeded') ? spaceExceeded() : requestTimedOut());
    if (known) return;
    const { code, message } = error as NodeJS.ErrnoException;
    this.#voice.complain(`etcd에 쓸 수 없다 (${message || code}). 다시 답할 때까지 클러스터는 읽기만 된다.\n    → etcd를 다시 켜면 스스로 이어 간다.`);
  }

  /** Our store has what etcd will not take: it forgets it again. */
  #dropped({ message }: EtcdError): void {
    this.#refuse(new StatusError('', 500, message));
    this.#stale = true;
  }

  #refuse(problem: StatusError): void {
    this.#storage.refusal = problem;
    this.progress.fail(problem);
  }

  /** Writing is possible again when nothing is left behind. */
  #answers(): void {
    if (!this.#storage.refusal || this.#queue.length > 0 || this.#stale) return;
    this.#storage.refusal = undefined;
    this.progress.advance(this.progress.kept);
    this.#voice.say('etcd가 다시 답한다. 밀린 것을 모두 썼다.');
  }

  /** Another kubook writes to this etcd now. */
  #stop(): void {
    this.#closing = true;
    this.#refuse(requestTimedOut());
    this.#voice.complain('다른 쿠북이 이 etcd를 이어받았다. 이 클러스터는 이제 읽기만 된다.\n    → Ctrl-C로 끝낸다.');
  }

  /** Follows what happens in etcd. A stream that breaks is the first sign that etcd is gone. */
  async #follow(): Promise<void> {
    while (!this.#closing) {
      const from = { ...everything, start_revision: String(this.progress.kept + 1) };
      const problem = await this.#client.watch(from, (answer) => this.#heard(answer)).catch((error: unknown) => error);
      if (this.#closing) return;
      this.#events = [];
      if (problem) this.#lost(problem);
      await pause();
    }
  }

  #heard({ header, created, canceled, events = [] }: WatchAnswer): void {
    // What we would have to hear has been compacted, or an older backup is in etcd's place.
    if (canceled || (created && Number(header!.revision) < this.progress.kept)) this.#stale = true;
    if (created) this.#answers();
    for (const event of events) if (Number(event.kv.mod_revision) > this.progress.kept) this.#events.push(event);
    this.#look();
  }

  /** What others have changed becomes ours when nothing of ours is under way; else everything is read anew. */
  #look(): void {
    if (this.#closing) return;
    this.take();
    if (this.#running) return;
    const { store } = this.#entries;
    const outcome = foreignChanges(this.#events.splice(0), { store, kept: this.progress.kept });
    if (outcome === 'conflict') {
      this.#stale = true;
      return this.#start();
    }
    for (const [key, revision] of outcome.strange) this.#strange.note(key, revision);
    if (store.revision <= this.progress.kept) return;
    this.#taken = store.revision;
    this.progress.advance(store.revision);
  }

  /** The control plane starts anew on what etcd holds now. Writes that nobody has confirmed are answered as if they had timed out. */
  async #reload(): Promise<void> {
    this.#refuse(requestTimedOut());
    await this.#writer.stayOwner();
    const loaded = await load(this.#client);
    this.#stale = false;
    this.#queue = [];
    this.#events = [];
    this.#strange.replace(loaded.foreign);
    this.#storage.refusal = undefined;
    this.#cluster.restore(snapshotOf(loaded));
    this.#entries = entriesOf(this.#cluster, loaded.revision);
    this.#taken = loaded.revision;
    this.progress.advance(loaded.revision);
    this.#voice.say('etcd를 다른 누군가가 바꾸었다. 컨트롤 플레인을 etcd의 지금 상태에서 다시 시작했다.');
  }

  async #compact(): Promise<void> {
    const revision = this.#compactTo;
    this.#compactTo = this.progress.kept;
    if (revision > 0 && !this.progress.problem) await this.#client.call('/v3/kv/compaction', { revision: String(revision) }).catch(() => {});
  }

  async close(): Promise<void> {
    if (this.#cluster && !this.progress.problem) {
      this.take();
      await this.#running;
    }
    this.#closing = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#client.close();
  }
}
