// The guestbook of the tutorial that the notes follow, and a client that keeps asking it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster, type NetworkName } from '../../lib/index.ts';

export type Mode = 'iptables' | 'ipvs' | 'nftables' | 'userspace';
export const modes: readonly Mode[] = ['iptables', 'ipvs', 'nftables', 'userspace'];
/** userspace mode is of another time. */
export const versionOf = (mode: Mode) => (mode === 'userspace' ? 'v1.20' : 'v1.33');

const manifest = readFileSync(join(import.meta.dirname, 'guestbook.yaml'), 'utf8');

export async function guestbook(proxyMode: Mode, network: NetworkName = 'flannel', nodes = 3): Promise<Cluster> {
  const cluster = createCluster({ nodes, seed: 1, network, proxyMode, version: versionOf(proxyMode), cloud: network === 'kubenet' });
  cluster.file('guestbook.yaml', manifest);
  await cluster.kubectl.text`apply -f guestbook.yaml`;
  cluster.advance('90s');
  return cluster;
}

export const podsOf = (cluster: Cluster, labelSelector: string) => cluster.client.list('Pod', { labelSelector }).items;
export const address = (cluster: Cluster, name = 'frontend') => cluster.client.get('Service', { namespace: 'default', name }).spec.clusterIP!;

export interface Request {
  at: number;
  /** Who was asked last, and what the trace says when nobody answered. */
  to: string;
  error?: string;
  /** How likely it is to be lost, as the EndpointSlices stand. */
  risk: number;
}

export const lost = (requests: readonly Request[]) => requests.filter(({ error }) => error !== undefined);

/** What a client has to know; while the API server is away it is what was known before. */
export interface Known {
  frontend: string;
  follower: string;
  /** The names of the frontends by what is dialed. */
  names: ReadonlyMap<string, string>;
}

export const known = (cluster: Cluster): Known => ({
  frontend: `${address(cluster)}:80`,
  follower: `${address(cluster, 'redis-follower')}:6379`,
  names: new Map(podsOf(cluster, 'tier=frontend').map(({ metadata, status }) => [`${status.podIP}:80`, metadata.name])),
});

export interface Asking {
  /** What was known before; by default what is known at each request. */
  before?: Known;
  /** A node without power. */
  dead?: string;
}

/** Asks once a second: the connections that it traces are those that the client and the frontend make. */
export function keepAsking(cluster: Cluster, seconds: number, { before, dead }: Asking = {}): Request[] {
  const start = cluster.loop.clock.now;
  return Array.from({ length: seconds }, (_, i) => {
    const at = (cluster.loop.clock.now - start) / 1000;
    const risk = dead === undefined ? 0 : riskOf(cluster, dead);
    const request = { at, risk, ...ask(cluster, before ?? known(cluster)) };
    cluster.advance(start + (i + 1) * 1000 - cluster.loop.clock.now);
    return request;
  });
}

/** A client outside of the nodes asks a frontend, and that one asks a follower of redis. */
function ask(cluster: Cluster, { frontend, follower, names }: Known): Pick<Request, 'to' | 'error'> {
  const first = connect(cluster, 'control-plane', frontend);
  return first.error === undefined ? connect(cluster, names.get(first.to)!, follower) : first;
}

function connect(cluster: Cluster, from: string, to: string): Pick<Request, 'to' | 'error'> {
  const { error, hops, arrived } = cluster.trace({ from, to });
  const port = to.slice(to.lastIndexOf(':'));
  return { to: arrived?.to ?? hops.findLast(({ after }) => after.to.endsWith(port))!.after.to, ...(error && { error }) };
}

/** Each leg meets the dead node with the share that it has of the endpoints; the second one only if the first did not. */
function riskOf(cluster: Cluster, dead: string): number {
  const share = (service: string): number => {
    const slices = cluster.client.list('EndpointSlice', { labelSelector: `kubernetes.io/service-name=${service}` }).items;
    const ready = slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready);
    return ready.filter(({ nodeName }) => nodeName === dead).length / ready.length;
  };
  const [frontend, follower] = [share('frontend'), share('redis-follower')];
  return frontend + (1 - frontend) * follower;
}

/**
 * What a real cluster would lose with a node. The node is silent for 50 s (40 s before v1.32), counted from its last heartbeat, one each
 * 10 s; the node controller looks every 5 s, and the pods leave the endpoints then. Until that time iptables and nftables mode draw an
 * endpoint for each connection, so that the losses are a binomial sum; ipvs takes them in turn, from each node in a turn of its own;
 * userspace mode asks another endpoint when one does not answer.
 */
export function expectLosses(requests: readonly Request[], { cluster, mode, dead }: { cluster: Cluster; mode: Mode; dead: string }): void {
  const gone = lost(requests);
  if (mode === 'userspace') return void assert.equal(gone, []);
  const there = new Set(podsOf(cluster, 'tier in (frontend, backend)').flatMap(({ spec, status }) => (spec.nodeName === dead ? [status.podIP] : [])));
  for (const { at, to, error } of gone) assert.ok(error === 'timeout' && there.has(to.split(':')[0]), `${at} s: ${error} of ${to}`);
  const until = requests.filter(({ risk }) => risk > 0).at(-1)!.at + 1;
  assert.ok(until > 40 && until <= 56, `the endpoints were there for ${until} s`);
  assert.ok(gone.every(({ at }) => at < until), 'nobody is sent there afterwards');
  const expected = requests.reduce((sum, { risk }) => sum + risk, 0);
  // 99.9 % of fair draws; of turns at most one more or less for the client's node and for each node of a frontend.
  const most = mode === 'ipvs' ? 4 : 3.3 * Math.sqrt(requests.reduce((sum, { risk }) => sum + risk * (1 - risk), 0));
  assert.ok(Math.abs(gone.length - expected) <= most, `${gone.length} requests were lost, not ${expected.toFixed(1)} ± ${most.toFixed(1)}`);
}
