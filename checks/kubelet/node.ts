// A node with its kubelet before a real API server: what the kubelet tests stand on. No controllers, no scheduler.
import { createVersion, type Event, type Pod } from '../../lib/api/index.ts';
import { ApiServer } from '../../lib/apiserver/index.ts';
import { InProcessClient } from '../../lib/client/index.ts';
import { Store } from '../../lib/etcd/index.ts';
import { createKubelet } from '../../lib/kubelet/index.ts';
import { createMachine, GiB, Links } from '../../lib/machine/index.ts';
import { createNetwork } from '../../lib/network/index.ts';
import { Clock, createRandom, duration, Loop } from '../../lib/sim/index.ts';
import { createRuntime, Registries, type RuntimeOptions } from '../../lib/workloads/index.ts';

export interface SetUp {
  version?: string;
  nodes?: number;
  seed?: number;
  pullDuration?: RuntimeOptions['pullDuration'];
  maxPods?: number;
}

export function setUp({ version = 'v1.33', nodes = 1, seed = 1, pullDuration = () => 1_000, maxPods }: SetUp = {}) {
  const clock = new Clock();
  const random = createRandom(seed);
  const loop = new Loop({ clock, random });
  const server = new ApiServer({ store: new Store(), clock, random, version: createVersion(version) });
  server.wake = (actor) => loop.wake(actor);
  loop.pump = () => server.pump();
  const client = new InProcessClient({ server, loop, random, name: 'test' });
  for (const name of ['default', 'kube-node-lease']) client.create({ kind: 'Namespace', metadata: { name } });
  client.create({ kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' }, automountServiceAccountToken: false });
  const links = new Links();
  const network = createNetwork({ client: new InProcessClient({ server, loop, random: random.fork('network'), name: 'kube-proxy' }), links });
  const registries = new Registries();
  let lives = 0;
  const all = Array.from({ length: nodes }, (_, i) => {
    const name = `node-${i + 1}`;
    const machine = createMachine({ name, clock, ip: `10.0.0.${i + 2}`, cpus: 4, memory: 8 * GiB });
    const runtime = createRuntime({ machine, network, registries, random: random.fork(`runtime/${name}`), name: version === 'v1.20' ? 'docker' : 'containerd', pullDuration });
    const reachable = () => links.up(name, 'master');
    const connect = () =>
      new InProcessClient({ server, loop, random: random.fork(`kubelet/${name}/${lives++}`), name: 'kubelet', eventSource: { component: 'kubelet', host: name }, fieldSelectors: { Pod: `spec.nodeName=${name}` }, reachable });
    const kubelet = createKubelet({ connect, loop, random: random.fork(`node/${name}`), machine, runtime, network, services: (namespace) => network.variables(namespace), ...(maxPods && { maxPods }) });
    const unit = machine.addUnit('kubelet', { restartAfter: 10_000, service: { start: () => kubelet.start(), stop: () => kubelet.stop() } });
    unit.start();
    return { name, machine, runtime, kubelet, unit };
  });
  links.onChange(() => all.forEach(({ kubelet, name }) => links.up(name, 'master') && kubelet.reconnect()));
  loop.settle();

  const key = (name: string) => ({ namespace: 'default', name });
  return {
    clock, loop, server, client, network, links, nodes: all, ...all[0]!,
    advance: (time: string) => loop.runUntil(clock.now + duration(time)),
    /** Creates a pod that is assigned already. */
    run: (name: string, spec: object, metadata: object = {}) => client.create<Pod>({ kind: 'Pod', metadata: { name, ...metadata }, spec: { nodeName: 'node-1', ...spec } }),
    pod: (name: string) => client.get('Pod', key(name)),
    exists: (name: string) => client.list('Pod', { namespace: 'default' }).items.some((p) => p.metadata.name === name),
    remove: (name: string, gracePeriodSeconds?: number) => client.delete({ kind: 'Pod', metadata: key(name) }, gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    /** `Reason: message`, oldest first, `(xN)` behind what was counted. */
    events: (about: string) =>
      (client.list('Event').items as Event[])
        .filter((e) => e.involvedObject.name === about)
        .map((e) => `${e.reason}: ${e.message}${(e.count ?? 1) > 1 ? ` (x${e.count})` : ''}`),
  };
}

export const web = (image = 'nginx:1.27', more: object = {}) => ({ containers: [{ name: 'web', image, ...more }] });
export const shell = (script: string, more: object = {}, spec: object = {}) => ({ ...spec, containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', script], ...more }] });
