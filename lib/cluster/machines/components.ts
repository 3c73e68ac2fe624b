// What begins and ends with a container of the control plane: etcd, the API server, the controllers, the scheduler, kube-proxy, flannel.
import { hexOf, type Answering, type Component, type FileView, type Network, type RunningComponent } from '../../machine/index.ts';
import { apiEndpoint } from '../api-endpoint.ts';
import { beginControlPlane } from './birth.ts';
import { startFlannel } from './flannel.ts';
import { flagsOf } from './flags.ts';
import { addressOf, readAccess } from './kubeconfig.ts';
import { isServing, reach, type ControlPlane, type Station, type World } from './world.ts';

interface Start {
  world: World;
  station: Station;
  component: Component;
  flags: ReadonlyMap<string, string>;
}

/** Milliseconds from its start until the API server answers. */
const startTime = 2_500;
/** How long a process waits for what it cannot do without, and how often it looks. */
const [etcdPatience, apiPatience, period] = [20_000, 10_000, 1_000];

/** Listens on ports of the machine as long as the process runs; the process ends where one is taken. */
function listen({ machine, ports }: Station, name: string, answering: ReadonlyMap<number, Answering>): () => void {
  const taken = new Map(machine.listeners);
  for (const port of answering.keys()) if (taken.has(port)) throw new Error(`listen tcp :${port}: bind: address already in use`);
  for (const [port, one] of answering) ports.set(port, { process: name, answering: one });
  return () => {
    for (const port of answering.keys()) ports.delete(port);
  };
}

/** A page that says that all is well. */
const healthy = (path: string, body: string): Answering => (request) => (request.path === path ? { status: 200, body } : { status: 404, body: '404 page not found\n' });

/** Looks again and again until `found` has something, and gives up after a while. */
function waitFor<T>({ loop }: World, { patience, found, then, gaveUp }: { patience: number; found(): T | undefined; then(what: T): void; gaveUp(): void }): () => void {
  const end = loop.clock.now + patience;
  let stopped = false;
  const look = () => {
    if (stopped) return;
    const what = found();
    if (what !== undefined) then(what);
    else if (loop.clock.now >= end) gaveUp();
    else loop.clock.after(period, look);
  };
  look();
  return () => void (stopped = true);
}

function startEtcd({ world, station, flags }: Start): RunningComponent {
  const { machine } = station;
  for (const url of ['listen-peer-urls', 'listen-client-urls'].flatMap((name) => (flags.get(name) ?? '').split(',')).filter(Boolean)) {
    const { host, port } = addressOf(url);
    if (host !== '127.0.0.1' && !machine.ips.includes(host)) throw new Error(`listen tcp ${host}:${port}: bind: cannot assign requested address`);
  }
  const data = `${flags.get('data-dir') ?? '/var/lib/etcd'}/member/snap/db`;
  const closed = listen(station, 'etcd', new Map([[2379, healthy('/health', '{"health":"true"}')], [2380, healthy('/health', '{"health":"true"}')], [2381, healthy('/health', '{"health":"true"}')]]));
  const known = machine.files.read(data);
  station.etcd = known || hexOf(`${machine.name} ${world.loop.clock.now}`);
  if (!known) putData(machine.files, data, station.etcd);
  const mine = () => (world.plane?.id === station.etcd ? world.plane : undefined);
  mine()?.parts.etcd.start();
  return {
    stop() {
      mine()?.parts.etcd.stop();
      station.etcd = undefined;
      closed();
    },
  };
}

/** Differs from etcd: the keys are not in its files; by what is written there its cluster is known. */
function putData(files: FileView, path: string, id: string): void {
  const member = path.replace(/\/snap\/db$/, '');
  for (const folder of ['snap', 'wal']) files.makeDirectories(`${member}/${folder}`, 0o700);
  files.write(path, id, 0o600);
  files.write(`${member}/wal/0000000000000000-0000000000000000.wal`, '', 0o600);
}

function startApiServer({ world, station, component, flags }: Start): RunningComponent {
  const port = Number(flags.get('secure-port') ?? 6443);
  const { host } = addressOf(flags.get('etcd-servers')?.split(',')[0] ?? '');
  const etcd = () => (host === '127.0.0.1' ? station : [...world.stations.values()].find(({ machine }) => machine.ip === host))?.etcd;
  let running: { plane: ControlPlane; closed(): void } | undefined;
  const serve = (id: string) => {
    const plane = world.plane?.id === id ? world.plane : beginControlPlane(world, station, { id, serviceCIDR: flags.get('service-cluster-ip-range') ?? '10.0.0.0/24' });
    plane.parts.apiserver.start();
    const endpoint = apiEndpoint(plane.parts.server, () => isServing(plane), [station.machine.name, ...station.machine.ips])(6443)!;
    running = { plane, closed: listen(station, 'kube-apiserver', new Map([[port, endpoint]])) };
  };
  let stopped = false;
  const given = waitFor(world, {
    patience: etcdPatience,
    found: etcd,
    then: (id) => void world.loop.clock.after(startTime, () => !stopped && serve(id)),
    gaveUp: () => (component.log('run.go:74', 'context deadline exceeded', 'F'), component.exit?.(1)),
  });
  return {
    stop() {
      stopped = true;
      given();
      running?.plane.parts.apiserver.stop();
      running?.closed();
    },
  };
}

/** One that works through the API server that its kubeconfig names. */
function startWorker({ world, station, component, flags }: Start, { port, process }: { port: number; process(plane: ControlPlane): { start(): void; stop(): void } }): RunningComponent {
  const path = flags.get('kubeconfig') ?? '';
  const access = readAccess(station.machine.files, path);
  if (!access) throw new Error(`invalid configuration: no configuration has been provided`);
  const closed = listen(station, component.name, new Map([[port, healthy('/healthz', 'ok')]]));
  let running: { stop(): void } | undefined;
  const found = () => {
    const plane = reach(world, station.machine, access);
    return typeof plane === 'object' && isServing(plane) ? plane : undefined;
  };
  const then = (plane: ControlPlane) => {
    running = process(plane);
    process(plane).start();
  };
  const given = waitFor(world, { patience: apiPatience, found, then, gaveUp: () => (component.log('controllermanager.go:182', 'failed to wait for apiserver being healthy: timed out waiting for the condition', 'F'), component.exit?.(255)) });
  return { stop: () => (given(), running?.stop(), closed()) };
}

const startControllers = (start: Start) =>
  startWorker(start, {
    port: 10257,
    process({ parts: { manager } }) {
      if (start.flags.get('allocate-node-cidrs') !== 'true') manager.replace('nodeipam', undefined);
      return manager;
    },
  });

const startScheduler = (start: Start) => startWorker(start, { port: 10259, process: ({ parts }) => parts.scheduler });

function startProxy({ world: { network }, station: { machine } }: Start): RunningComponent {
  const proxy = network.kubeProxy(machine.name);
  proxy.start();
  return { stop: () => proxy.stop() };
}

const starts: Readonly<Record<string, (start: Start) => RunningComponent>> = { etcd: startEtcd, 'kube-apiserver': startApiServer, 'kube-controller-manager': startControllers, 'kube-scheduler': startScheduler, 'kube-proxy': startProxy, flanneld: startFlannel };

/** Flags whose value is a file that has to be there. */
const fileFlag = /file$|^(?:[a-z]+-)?kubeconfig$|^config$/;

export const componentsOf = (world: World): NonNullable<Network['runComponent']> => ({ node }, component) => {
  const station = world.stations.get(node);
  const start = starts[component.name];
  if (!station || !start) return undefined;
  const flags = flagsOf(component.argv);
  for (const [name, path] of flags) if (fileFlag.test(name) && path && component.files?.read(path) === undefined) throw new Error(`open ${path}: no such file or directory`);
  return start({ world, station, component, flags });
};
