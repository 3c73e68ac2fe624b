// Kubernetes' programs as services of a host: etcd, an API server on it, and a controller manager and a scheduler that ask that.
import { parse } from 'yaml';
import { createVersion, type Version } from '../api/index.ts';
import { ApiServer, type UserInfo } from '../apiserver/index.ts';
import { elect, InProcessClient } from '../client/index.ts';
import { Store } from '../etcd/index.ts';
import { type Machine, NetworkStorage } from '../machine/index.ts';
import type { Loop, Random } from '../sim/index.ts';
import { type HostProgram, parseComponent, type Process as Hosted, type Running } from '../workloads/index.ts';
import { answerTo } from './api-endpoint.ts';
import { bootstrap } from './bootstrap.ts';
import { schedulerProcess } from './control-plane-processes.ts';
import { createControllerManager } from './controller-manager.ts';
import { factoriesOf } from './factories.ts';
import { clientsOf, type Process, type Surroundings } from './process.ts';

interface World {
  machine: Machine;
  loop: Loop;
  random: Random;
  stores: Map<string, Store>;
  /** The API servers that run here, by the ports that they answer on. */
  servers: Map<number, ApiServer>;
}

type Flags = ReadonlyMap<string, string>;

/** Differs from Kubernetes: releases before v1.13 behave as that one. */
const releaseOf = (version: string): Version => createVersion(Number(/^v1\.(\d+)/.exec(version)?.[1]) < 13 ? 'v1.13' : version);
const end = (process: Hosted, text: string, code: number, after = 10): Running => {
  process.after(after, () => (text.replace(/\n$/, '').split('\n').forEach((line) => process.log(line)), process.exit(code)));
  return {};
};
const urlOf = (text: string) => /^(?:(https?):\/\/)?(\[[^\]]*\]|[^:/]+)(?::(\d+))?/.exec(text) ?? [];

/** Its help, its version, what is wrong with its flags; else it goes on with them. */
const component = (name: string, run: (flags: Flags, ...parts: Parameters<HostProgram>) => Running): HostProgram =>
  (process, host) => {
    const parsed = parseComponent(name, { args: process.argv.slice(1), version: host.binary.version });
    return 'code' in parsed ? end(process, parsed.out ?? parsed.err ?? '', parsed.code) : run(parsed.flags, process, host);
  };

/** Differs from etcd: of its flags --data-dir and --listen-client-urls count; the data stay where the directory is. */
const etcd = ({ stores }: World): HostProgram => (process, { ready }) => {
  const flags = new Map(process.argv.slice(1).map((word): [string, string] => [word.replace(/^--?/, '').split('=')[0]!, word.split('=')[1] ?? '']));
  const directory = flags.get('data-dir') ?? `${flags.get('name') ?? 'default'}.etcd`;
  if (!stores.has(directory)) stores.set(directory, new Store());
  const port = Number(urlOf(flags.get('listen-client-urls') ?? '')[3] ?? 2379);
  // It has to elect itself first.
  process.after(1100, () => {
    process.listen(port, () => ({ status: 200, body: '{"health":"true","reason":""}' }));
    stores.set(`:${port}`, stores.get(directory)!);
    ready();
  });
  return {};
};

const everything = { groups: ['system:masters', 'system:authenticated'] };

function apiServer(flags: Flags, process: Hosted, { binary, ready, onEnd }: Parameters<HostProgram>[1], world: World): Running {
  const version = releaseOf(binary.version);
  const insecure = Number(flags.get('insecure-port') ?? (version.has('no-insecure-port') ? 0 : 8080));
  if (version.has('no-insecure-port') && insecure !== 0) return end(process, `Error: invalid port value ${insecure}: only zero is allowed`, 1);
  const servers = flags.get('etcd-servers')?.split(',') ?? [];
  const wrong = [...(servers.length === 0 ? ['--etcd-servers must be specified'] : []), ...(version.has('service-account-issuer-required') && !(flags.has('service-account-issuer') && flags.has('service-account-signing-key-file')) ? ['service-account-issuer is a required flag', '--service-account-signing-key-file and --service-account-issuer are required flags'] : [])];
  if (wrong.length > 0) return end(process, `Error: ${wrong.length > 1 ? `[${wrong.join(', ')}]` : wrong[0]}`, 1);
  const found = servers.map(urlOf).map(([, , host = '', port = '2379']) => ({ port, dial: process.dial(host, Number(port)) })).find(({ dial }) => !dial.error);
  const store = found && world.stores.get(`:${found.port}`);
  if (!store) return end(process, 'Error: context deadline exceeded', 1, 20_000);
  process.after(2000, () => {
    const server = serverOn(store, version, { flags, process, world });
    const ports = [Number(flags.get('secure-port') ?? 6443), insecure].filter(Boolean);
    // Differs from Kubernetes: who comes over TLS without a token may do what --authorization-mode=AlwaysAllow lets everybody do, whatever the mode.
    const users: UserInfo[] = [{ name: 'system:anonymous', ...everything }, { name: 'system:unsecured', ...everything }];
    ports.forEach((port, i) => {
      process.listen(port, (request) => answerTo(users[i]!, server, request));
      world.servers.set(port, server);
    });
    onEnd(() => ports.forEach((port) => world.servers.get(port) === server && world.servers.delete(port)));
    ready();
  });
  return { terminate: { after: 50, exitCode: 0 } };
}

/** It signs a certificate for itself where none is given. */
function serverOn(store: Store, version: Version, { flags, process, world: { loop, random, machine } }: { flags: Flags; process: Hosted; world: World }): ApiServer {
  const serviceCIDR = flags.get('service-cluster-ip-range') ?? '10.0.0.0/24';
  const server = new ApiServer({ store, clock: loop.clock, random: random.fork(`kube-apiserver ${process.clock.now}`), version, serviceCIDR, bootstrapPolicy: true });
  server.wake = (actor) => loop.wake(actor);
  const pump = loop.pump;
  loop.pump = () => (pump(), server.pump());
  bootstrap(server, new InProcessClient({ server, loop, random: random.fork('bootstrap'), name: 'kube-apiserver', user: 'system:apiserver' }), { address: machine.ip, serviceCIDR });
  const directory = flags.get('cert-dir') ?? '/var/run/kubernetes';
  process.files.makeDirectories(directory);
  process.files.write(`${directory}/apiserver.crt`, '-----BEGIN CERTIFICATE-----\na3ViZS1hcGlzZXJ2ZXI=\n-----END CERTIFICATE-----\n');
  return server;
}

/** Where it finds its API server: `--master`, or the server of the kubeconfig. */
function masterOf(flags: Flags, { files }: Hosted): { url: string } | { error: string } {
  const path = flags.get('kubeconfig');
  const text = path === undefined ? undefined : files.read(path);
  if (path !== undefined && text === undefined) return { error: `stat ${path}: no such file or directory` };
  const config = text === undefined ? undefined : (parse(text, { logLevel: 'silent' }) as { clusters?: { cluster?: { server?: string } }[] } | null);
  const url = flags.get('master') ?? config?.clusters?.[0]?.cluster?.server;
  return url ? { url } : { error: 'invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable' };
}

interface Client {
  name: string;
  flags: Flags;
  process: Hosted;
  onEnd(run: () => void): void;
  world: World;
  work(around: Surroundings): Process;
}

/** Waits ten seconds for the API server to be well, takes the lease, and works until it ends. */
function componentOf({ name, flags, process, onEnd, world, work }: Client): Running {
  const master = masterOf(flags, process);
  if ('error' in master) return end(process, master.error, 1);
  const [, scheme = 'http', host = '', given] = urlOf(master.url);
  const port = Number(given ?? (scheme === 'https' ? 443 : 80));
  const begin = process.clock.now;
  let running: { stop(): void } | undefined;
  onEnd(() => running?.stop());
  const look = () => {
    const dial = process.dial(host, port);
    const server = dial.error ? undefined : world.servers.get(port);
    if (server) return void (running = working({ name, flags, process, onEnd, world, work }, server, port));
    const why = dial.error === 'timeout' ? 'i/o timeout' : dial.error === 'no-such-host' ? 'no such host' : 'connect: connection refused';
    const problem = `failed to get apiserver /healthz status: Get "${scheme}://${host}:${port}/healthz?timeout=32s": dial tcp ${/^[\d.]+$/.test(host) ? host : dial.ip}:${port}: ${why}`;
    if (process.clock.now - begin < 10_000) return process.after(1000, look);
    process.log(`failed to wait for apiserver being healthy: timed out waiting for the condition: ${problem}`);
    process.exit(255);
  };
  process.after(100, look);
  return {};
}

function working({ name, flags, process, world, work }: Client, server: ApiServer, port: number): { stop(): void } {
  const { loop, machine } = world;
  const around: Surroundings = { server, loop, random: world.random.fork(`${name} ${process.clock.now}`), reachable: () => world.servers.get(port) === server };
  const part = work(around);
  if (flags.get('leader-elect') === 'false') return (part.start(), part);
  const clients = clientsOf(around, name);
  const elector = elect({
    client: clients.client({ eventSource: { component: name, host: machine.name } }),
    random: around.random,
    lock: { namespace: 'kube-system', name },
    identity: `${machine.hostname}_${around.random.uuid()}`,
    onStartedLeading: () => part.start(),
    onStoppedLeading: () => (process.log('leaderelection lost'), process.exit(255)),
  });
  return { stop: () => (elector.stop(), clients.stop(), part.stop()) };
}

/** Files that it reads before it starts: without one it does not. */
function missingFile(flags: Flags, { files }: Hosted): string | undefined {
  const [key, ca] = [flags.get('service-account-private-key-file'), flags.get('root-ca-file')];
  if (key && files.read(key) === undefined) return `error starting controllers: failed to start controller "serviceaccount-token": error reading key for service account token controller: open ${key}: no such file or directory`;
  if (ca && files.read(ca) === undefined) return `error starting controllers: failed to start controller "serviceaccount-token": error parsing root-ca-file at ${ca}: open ${ca}: no such file or directory`;
  return undefined;
}

/** What a host can run as services once their binaries lie on its disk. Differs from Kubernetes: the API server has to be on the same host. */
export function hostDaemons({ machine, loop, random }: Pick<World, 'machine' | 'loop' | 'random'>): Record<string, HostProgram> {
  const world: World = { machine, loop, random, stores: new Map(), servers: new Map() };
  return {
    etcd: etcd(world),
    'kube-apiserver': component('kube-apiserver', (flags, process, host) => apiServer(flags, process, host, world)),
    'kube-controller-manager': component('kube-controller-manager', (flags, process, { onEnd }) => {
      const missing = missingFile(flags, process);
      if (missing) return end(process, missing, 255, 500);
      const podCIDR = flags.get('cluster-cidr') ?? '10.244.0.0/16';
      return componentOf({ name: 'kube-controller-manager', flags, process, onEnd, world, work: (around) => createControllerManager({ ...around, factories: factoriesOf({}, { podCIDR, server: around.server, storage: new NetworkStorage() }) }) });
    }),
    'kube-scheduler': component('kube-scheduler', (flags, process, { onEnd }) => componentOf({ name: 'kube-scheduler', flags, process, onEnd, world, work: (around) => schedulerProcess(around, machine.name) })),
  };
}
