// What somebody else writes into our etcd (`etcdctl del /registry/pods/default/web`) happens in the cluster too.
import type { Operation, Store } from '../../etcd/index.ts';
import { plain, type RawEvent } from './etcd-client.ts';
import { registry, valueOf } from './etcd-keys.ts';
import type { KeeperVoice } from './keeper.ts';
import { type Change, decode } from './transactions.ts';

/**
 * Does to the store what etcd tells of, revision for revision. `conflict`: our store has gone on meanwhile, so that its
 * revisions are no longer etcd's. `strange` are keys that hold something that is no object; the store has nothing there.
 */
export function foreignChanges(events: readonly RawEvent[], { store, kept }: { store: Store; kept: number }): 'conflict' | { strange: [key: string, revision: number][] } {
  const strange: [string, number][] = [];
  const byRevision = new Map<number, RawEvent[]>();
  for (const event of events) {
    const revision = Number(event.kv.mod_revision);
    if (revision > kept) byRevision.set(revision, [...(byRevision.get(revision) ?? []), event]);
  }
  for (const [revision, together] of byRevision) {
    if (store.revision !== revision - 1) return 'conflict';
    const success = together.flatMap((event) => operationOf(event, revision, strange));
    store.txn({ success });
    if (store.revision < revision) store.pass();
  }
  return { strange };
}

function operationOf({ type = 'PUT', kv }: RawEvent, revision: number, strange: [string, number][]): Operation[] {
  const key = plain(kv.key);
  if (!key.startsWith(registry)) return [];
  if (type === 'DELETE') return [{ delete: key }];
  const value = valueOf(kv);
  if (value !== undefined) return [{ put: key, value: decode(value, revision) }];
  strange.push([key, revision]);
  return [{ delete: key }];
}

/** Keys at which etcd holds something that is no object: our store has nothing there, and yet they exist. */
export class StrangeKeys {
  #since = new Map<string, number>();
  #voice: KeeperVoice;

  constructor(voice: KeeperVoice) {
    this.#voice = voice;
  }

  note(key: string, revision: number): void {
    this.#since.set(key, revision);
    this.#voice.complain(`etcd의 ${key} 값은 JSON이 아니라서 읽지 않는다.\n    → etcdctl del ${key} 로 지우거나 바른 오브젝트를 넣는다.`);
  }

  replace(all: readonly { key: string; modRevision: number }[]): void {
    this.#since.clear();
    for (const { key, modRevision } of all) this.note(key, modRevision);
  }

  /** The revision at which etcd last saw a change of the key, when it is one of these. */
  since(key: string): number | undefined {
    return this.#since.get(key);
  }

  overwritten(changes: readonly Change[]): void {
    for (const { key } of changes) this.#since.delete(key);
  }
}
