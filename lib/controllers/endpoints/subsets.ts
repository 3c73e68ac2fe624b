// Addresses and ports, packed as Endpoints hold them: addresses with the same ports share a subset.
import type { Endpoints } from '../../api/index.ts';
import { md5 } from './md5.ts';

export type Subset = NonNullable<Endpoints['subsets']>[number];
export type Address = NonNullable<Subset['addresses']>[number];
export type Port = NonNullable<Subset['ports']>[number];

export interface Entry {
  address: Address;
  ready: boolean;
  ports: Port[];
  /** Equal for equal ports. */
  key: string;
}

/** First pods with the same ports are taken together, then ports that the same pods have. */
export function packSubsets(entries: Iterable<Entry>): Subset[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.key);
    if (group) group.push(entry);
    else groups.set(entry.key, [entry]);
  }
  // Differs from Kubernetes: several subsets are ordered by their first port's hash, not by a hash of the whole.
  return portGroups([...groups.values()]).map(subset).sort((a, b) => order(portHash(a.ports?.[0]), portHash(b.ports?.[0])));
}

interface PortGroup {
  ports: Port[];
  entries: Entry[];
}

function portGroups(groups: readonly Entry[][]): PortGroup[] {
  if (groups.length <= 1) return groups.map((entries) => ({ ports: entries[0]!.ports, entries }));
  const where = new Map<string, { port: Port; groups: number[] }>();
  for (const [i, [first]] of groups.entries()) {
    for (const port of first!.ports) {
      const known = where.get(portText(port));
      if (known) known.groups.push(i);
      else where.set(portText(port), { port, groups: [i] });
    }
  }
  const byPods = new Map<string, PortGroup>();
  for (const { port, groups: at } of where.values()) {
    const known = byPods.get(at.join());
    if (known) known.ports.push(port);
    else byPods.set(at.join(), { ports: [port], entries: at.flatMap((i) => groups[i]!) });
  }
  return [...byPods.values()];
}

function subset({ ports, entries }: PortGroup): Subset {
  const ready = entries.filter((entry) => entry.ready).map(({ address }) => address);
  const notReady = entries.filter((entry) => !entry.ready).map(({ address }) => address);
  return {
    ...(ready.length > 0 && { addresses: ready.sort(byIp) }),
    ...(notReady.length > 0 && { notReadyAddresses: notReady.sort(byIp) }),
    ...(ports.length > 0 && { ports: [...ports].sort((a, b) => order(portHash(a), portHash(b))) }),
  };
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
/** As strings: 10.244.1.10 comes before 10.244.1.9. */
const byIp = (a: Address, b: Address) => order(a.ip, b.ip) || order(a.targetRef?.uid ?? '', b.targetRef?.uid ?? '');
export const portsText = (ports: readonly Port[]) => ports.map(portText).sort().join();
const portText = ({ name = '', port, protocol = '', appProtocol = '' }: Port) => `${name}/${port}/${protocol}/${appProtocol}`;

const hashes = new Map<string, string>();

/** Of the port as Go's spew prints it. */
function portHash(port: Port | undefined): string {
  if (!port) return '';
  const { name = '', protocol = '', appProtocol } = port;
  const text = `(v1.EndpointPort){Name:(string)${name} Port:(int32)${port.port} Protocol:(v1.Protocol)${protocol} AppProtocol:(*string)${appProtocol ?? '<nil>'}}`;
  let hash = hashes.get(text);
  if (hash === undefined) hashes.set(text, (hash = md5(text)));
  return hash;
}
