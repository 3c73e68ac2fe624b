// kube-proxy in nftables mode (KEP-3866): one table of its own. A sync names only what has changed.
// Differs from Kubernetes: v1.29 and v1.30 write what v1.31 writes.
import type { Version } from '../../../api/index.ts';
import { sortedPorts } from '../changes.ts';
import type { EndpointsMap, ProxyConfig, ProxyEndpoint, ServicePort } from '../types.ts';
import { type NftServiceRules, nftServiceRules } from './service-rules.ts';
import { setupLines } from './setup.ts';
import { commandsFor, type Element, wordsOf } from './transaction.ts';

export interface NftSync {
  /** Every port that is not as it was at the last sync; without it everything is written anew. */
  changed?: Iterable<string>;
  /** Milliseconds. */
  now: number;
}

export interface NftablesProxier {
  /** What goes to `nft -f -` now: a list of transactions. */
  sync(ports: ReadonlyMap<string, ServicePort>, endpoints: EndpointsMap, options: NftSync): string[][];
}

const none: readonly ProxyEndpoint[] = [];
/** Older kernels learn a moment late that no map leads to a chain any longer: it is deleted this much later. */
const lingers = 1000;

export function createNftablesProxier(version: Version, config: ProxyConfig): NftablesProxier {
  const commands = commandsFor(wordsOf(config.family));
  const written = new Map<string, NftServiceRules>();
  const stale = new Map<string, number>();
  const elements = elementCounts();
  let first = true;

  function removeStale(now: number): string[] {
    const over = [...stale].flatMap(([chain, since]) => (since < now - lingers ? [chain] : []));
    for (const chain of over) stale.delete(chain);
    return over.map((chain) => commands.remove('chain', chain));
  }

  /** The commands that bring one port up to date, and those for what it leaves behind. */
  function renew(key: string, port: ServicePort | undefined, { endpoints, now, anew }: { endpoints: readonly ProxyEndpoint[]; now: number; anew: boolean }): { lines: string[]; after: string[] } {
    const [old, next] = [written.get(key), port && nftServiceRules(port, endpoints, config)];
    if (next) written.set(key, next);
    else written.delete(key);
    const kept = new Set(next?.chains);
    const gone = (old?.chains ?? []).filter((chain) => !kept.has(chain));
    for (const chain of gone) stale.set(chain, now);
    for (const chain of kept) stale.delete(chain);
    const sets = new Set(next?.affinitySets);
    const { added, removed } = elements.exchange(anew ? [] : (old?.elements ?? []), next?.elements ?? []);
    return {
      lines: [...[...kept].flatMap((chain) => commands.fresh(chain)), ...added.flatMap(({ element, replaces }) => [...(replaces ? [commands.removeElement(element)] : []), commands.element(element)]), ...(next?.rules ?? [])],
      after: [...gone.map((chain) => commands.flush('chain', chain)), ...(old?.affinitySets ?? []).filter((set) => !sets.has(set)).map((set) => commands.remove('set', set)), ...removed.map(commands.removeElement)],
    };
  }

  return {
    sync(ports, endpoints, { changed, now }) {
      const deleted = removeStale(now);
      const anew = first || !changed;
      if (anew) elements.clear();
      const keys = anew ? new Set([...sortedPorts(ports.values()).map(({ key }) => key), ...written.keys()]) : [...new Set(changed)].sort();
      const renewed = [...keys].map((key) => renew(key, ports.get(key), { endpoints: endpoints.get(key) ?? none, now, anew }));
      const lines = [...(anew ? setupLines(version, config, { anew: first }) : []), ...renewed.flatMap((one) => one.lines), ...renewed.flatMap((one) => one.after)];
      first = false;
      return deleted.length > 0 ? [deleted, lines] : [lines];
    },
  };
}

/** Elements by set and key; several ports of a Service share its address. */
function elementCounts() {
  const counts = new Map<string, { value: string; users: number }>();
  const keyOf = ({ set, key }: Element) => `${set} ${key}`;
  const valueOf = ({ verdict, comment }: Element) => `${verdict} ${comment}`;

  return {
    clear: () => counts.clear(),
    exchange(old: readonly Element[], next: readonly Element[]) {
      const added: { element: Element; replaces: boolean }[] = [];
      for (const element of next) {
        const found = counts.get(keyOf(element));
        if (!found || found.value !== valueOf(element)) added.push({ element, replaces: found !== undefined });
        counts.set(keyOf(element), { value: valueOf(element), users: (found?.users ?? 0) + 1 });
      }
      const removed = old.filter((element) => {
        const found = counts.get(keyOf(element));
        if (!found) return false;
        found.users--;
        return found.users === 0 && counts.delete(keyOf(element));
      });
      return { added, removed };
    },
  };
}
