// The control plane before anything runs on it: a store, an API server on a clock and a loop, an administrator's client.
import type { Version } from '../api/index.ts';
import { ApiServer } from '../apiserver/index.ts';
import { InProcessClient } from '../client/index.ts';
import { Store } from '../etcd/index.ts';
import { Clock, createRandom, Loop, type Random } from '../sim/index.ts';
import { bootstrap } from './bootstrap.ts';
import { switchable } from './control-plane-processes.ts';
import type { Replicas } from './ha/replicas.ts';
import type { ClusterOptions } from './options.ts';

/** etcd's history is cut off every five minutes, as kube-apiserver asks for. */
const compactionInterval = 300_000;

interface Place {
  version: Version;
  serviceCIDR: string;
  /** Of the machine of the API server. */
  address: string;
  /** Whether that machine is on. */
  powered(): boolean;
  /** Whether it lets a connection in. */
  admits(port: number, from: string): boolean;
  /** Several machines of a control plane; missing: one is all. */
  replicate: ((parts: { clock: Clock; random: Random; store: Store }) => Replicas) | undefined;
  /** The time that machines live in which were there before; a time of its own when missing. */
  among?: { loop: Loop; random: Random } | undefined;
}

/** What etcd and the API server listen on. */
const [etcdPort, apiPort] = [2379, 6443];

function newTime({ start, seed = 1 }: ClusterOptions): { loop: Loop; random: Random } {
  const [clock, random] = [new Clock(start), createRandom(seed)];
  return { loop: new Loop({ clock, random: random.fork('loop') }), random };
}

export function createControlPlane(options: ClusterOptions, { version, serviceCIDR, address, powered, admits, replicate, among }: Place) {
  const { loop, random } = among ?? newTime(options);
  const { clock } = loop;
  const store = new Store();
  if (options.etcd) store.restore(options.etcd);
  const server = new ApiServer({ store, clock, random: random.fork('apiserver'), version, serviceCIDR, tokenSigner: options.pki?.tokenSigner, certificates: options.pki?.certificates, bootstrapPolicy: true });
  server.wake = (actor) => loop.wake(actor);
  loop.pump = () => server.pump();

  const replicas = replicate?.({ clock, random, store });
  const [apiserver, etcd] = replicas ? [replicas.all('kube-apiserver'), replicas.all('etcd')] : [switchable('kube-apiserver'), switchable('etcd')];
  // The API server reaches its etcd over the loopback interface, which rules of iptables are about, too.
  const etcdAnswers = replicas ? () => replicas.etcdAnswers() : () => etcd.running && admits(etcdPort, '127.0.0.1');
  server.etcdAnswers = etcdAnswers;
  const serves = replicas ? () => !server.storage.refusal && replicas.byBalancer() : () => apiserver.running && !server.storage.refusal && powered();
  // Differs from Kubernetes: without etcd a component's request fails at once, not after its timeout.
  const answers = replicas ? (from: string) => !server.storage.refusal && replicas.keptBy(from) : (from: string) => serves() && etcdAnswers() && admits(apiPort, from);
  const around = { server, loop, random, reachable: () => answers(address), eventLimits: options.eventLimits };
  const client = new InProcessClient({ server, loop, random: random.fork('admin'), name: 'kubectl', user: 'kubernetes-admin', reachable: serves, wait: (time) => loop.runUntil(clock.now + time) });
  bootstrap(server, new InProcessClient({ server, loop, random: random.fork('bootstrap'), name: 'kube-apiserver', user: 'system:apiserver' }), { address, serviceCIDR });
  return { clock, loop, random, server, apiserver, etcd, client, serves, answers, around, replicas };
}

export function compactRegularly(server: ApiServer, clock: Clock): void {
  let last = server.storage.store.revision;
  const tick = () => {
    server.compact(Math.min(last, server.storage.store.revision));
    last = server.storage.store.revision;
    clock.after(compactionInterval, tick);
  };
  clock.after(compactionInterval, tick);
}
