// A control plane without machines: store, API server, controllers, if wanted a scheduler. Nobody runs the pods but the test.
import { createVersion, type KubeObject, type Pod, type ServiceAccount, type Version } from '../../lib/api/index.ts';
import { ApiServer } from '../../lib/apiserver/index.ts';
import { type Client, InProcessClient } from '../../lib/client/index.ts';
import { type ControllerFactory, type ControllerManager, createControllerManager } from '../../lib/cluster/controller-manager.ts';
import { clientsOf } from '../../lib/cluster/process.ts';
import { controllers as builtIn } from '../../lib/controllers/index.ts';
import { Store } from '../../lib/etcd/index.ts';
import { createScheduler, type FrameworkOptions } from '../../lib/scheduler/index.ts';
import { Clock, createRandom, duration, Loop, timestamp } from '../../lib/sim/index.ts';

export interface ControlPlaneOptions {
  version?: string | Version;
  seed?: number | string;
  /** Names of built-in controllers to run; all by default. */
  only?: string[];
  /** Options of single controllers. */
  options?: Record<string, object>;
  /** Its options, or true for the usual ones. */
  scheduler?: boolean | FrameworkOptions;
  serviceCIDR?: string;
}

export interface ControlPlane {
  client: Client;
  server: ApiServer;
  loop: Loop;
  clock: Clock;
  manager: ControllerManager;
  /** The factory of a built-in controller, with the options it was given here. */
  builtIn(name: string): ControllerFactory;
  /** What controllers threw. */
  errors: { controller: string; key: string; error: Error }[];
  advance(time: string | number): void;
  settle(): void;
  /** Objects as the server has them, oldest first, by name within a second. */
  list<T extends KubeObject = KubeObject>(kind: string, namespace?: string): T[];
  events(): { object: string; reason: string; message: string; component: string; type: string; count: number }[];
}

export function createControlPlane({ version, seed = 1, only, options = {}, scheduler = false, serviceCIDR }: ControlPlaneOptions = {}): ControlPlane {
  const clock = new Clock();
  const random = createRandom(seed);
  const loop = new Loop({ clock, random: random.fork('loop') });
  const server = new ApiServer({ store: new Store(), clock, random: random.fork('apiserver'), version: typeof version === 'object' ? version : createVersion(version), serviceCIDR });
  server.wake = (actor) => loop.wake(actor);
  loop.pump = () => server.pump();
  const client = new InProcessClient({ server, loop, random: random.fork('admin'), name: 'kubectl', user: 'kubernetes-admin' });
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) client.create({ kind: 'Namespace', metadata: { name } });
  const around = { server, loop, random, reachable: () => true };
  const errors: ControlPlane['errors'] = [];
  const names = only ?? Object.keys(builtIn);
  const authority = () => server.certificates;
  const given: Record<string, object> = { csrsigning: { authority }, csrcleaner: { authority }, 'serviceaccount-token': { issueToken: (account: ServiceAccount, secret: string) => server.tokens.ofSecret(account, secret) }, ...options };
  const factories = Object.fromEntries(names.map((name): [string, ControllerFactory] => [name, (c) => builtIn[name]!(c, given[name])]));
  const manager = createControllerManager({ ...around, factories, onError: (controller, key, error) => errors.push({ controller, key, error: error as Error }) });
  manager.start();
  if (scheduler) createScheduler({ client: clientsOf(around, 'kube-scheduler').client({ eventSource: { component: 'default-scheduler' } }), loop, ...(scheduler === true ? {} : scheduler) }).start();
  loop.settle();

  const list = (kind: string, namespace?: string) => [...client.list(kind, { namespace }).items].sort((a, b) => (age(a) < age(b) ? -1 : 1)) as KubeObject[];
  const age = ({ metadata }: KubeObject) => `${metadata.creationTimestamp} ${metadata.name}`;

  return {
    client,
    server,
    loop,
    clock,
    manager,
    builtIn: (name) => (c) => builtIn[name]!(c, given[name]),
    errors,
    advance: (time) => loop.runUntil(clock.now + duration(time)),
    settle: () => loop.settle(),
    list: list as ControlPlane['list'],
    events: () =>
      client.list('Event').items.map(({ involvedObject, reason, message, source, reportingComponent, type, count }) => ({
        object: `${involvedObject.kind}/${involvedObject.name}`,
        reason: reason!,
        message: message!,
        component: source?.component || reportingComponent || '',
        type: type!,
        count: count ?? 1,
      })),
  };
}

/** What a kubelet would report of a pod that runs. */
export function run({ client, clock }: ControlPlane, pod: Pod, { ready = true, ip }: { ready?: boolean; ip?: string } = {}): Pod {
  const now = timestamp(clock.now);
  const old = pod.status.conditions?.find(({ type }) => type === 'Ready');
  const status = ready ? 'True' : 'False';
  const condition = { type: 'Ready', status, lastTransitionTime: old?.status === status ? old.lastTransitionTime : now };
  const conditions = [...(pod.status.conditions ?? []).filter(({ type }) => type !== 'Ready'), condition];
  return client.updateStatus(pod, { phase: 'Running', conditions, ...(ip && { podIP: ip, podIPs: [{ ip }] }) });
}

export function template(labels: Record<string, string>, image = 'nginx'): Record<string, unknown> {
  return { metadata: { labels }, spec: { containers: [{ name: 'c', image }] } };
}
