// What a cell sees of a cluster beside its workstation.
import { isNotFound, type Pod, type Service, type StatusError } from '../api/index.ts';
import type { Client, Key } from '../client/index.ts';
import type { Machine } from '../machine/index.ts';
import { duration, timestamp } from '../sim/index.ts';
import type { Command } from '../workloads/index.ts';
import { connectionsOf } from './calls.ts';
import type { Cluster } from './cluster.ts';
import { crictlOn } from './crictl.ts';
import { etcdOf, restore } from './etcd.ts';
import { createFaults, found } from './faults.ts';
import { type DockerHost, hostOn } from './host.ts';
import { clusterAuthority, etcdctlOn } from './etcd-member.ts';
import { type ApiDoor, machineKubectl } from './machine-kubectl.ts';
import { hostOf } from './machine-shell.ts';
import type { ClusterNode } from './node.ts';
import type { ClusterOptions } from './options.ts';
import type { Parts } from './parts.ts';
import { display, show, withDrawing } from './show.ts';
import { trace } from './trace.ts';
import { clientsOfUsers, storedObjects } from './user-clients.ts';
import { kubectlOptions, type Workstation } from './workstation.ts';

type Facade = Omit<Cluster, keyof Workstation>;

/** `files` are those of the workstation. */
export function facadeOf(parts: Parts, { seed = 1, files }: { seed: ClusterOptions['seed']; files: Workstation['files'] }): Facade {
  const { version, client, server, loop, random, clock, etcd, machines, nodes, byName, kubelets, network, controlPlane, replicas, registries, links, brokenImages, processes, manager, scheduler, snapshots, vertical, cloud, own, webhooks, problems } = parts;
  let desk: DockerHost | undefined;
  const etcdHere = (name: string) => (replicas ? replicas.plan.etcd.some((one) => one.name === name) : name === controlPlane.name);
  const programsOf = (machine: Machine): Record<string, Command> => ({
    kubectl: kubectlOn(machine, parts),
    ...byName.get(machine.name)?.commands(),
    ...(byName.has(machine.name) && { crictl: crictlOn({ version, ...byName.get(machine.name)!, criCalls: byName.get(machine.name)!.criCalls.calls }) }),
    ...(etcdHere(machine.name) && { etcdctl: etcdctlOn(machine, { store: server.storage.store, version, running: () => etcd.running && machine.powered, ...(replicas && { members: replicas }) }) }),
  });
  return {
    version,
    seed,
    client,
    server,
    loop,
    get now() {
      return timestamp(clock.now);
    },
    advance: (time) => loop.runUntil(clock.now + duration(time)),
    settle: () => loop.settle(),
    requests: () => server.requests(),
    criCalls: (machine) => callsOf(nodes, machine && found(machines, machine, '머신').name),
    connections: () => connectionsOf({ requests: server.requests(), count: server.requestCount, cri: nodes.map(({ criCalls }) => criCalls), runtime: nodes[0]!.runtime.name, kubelets: kubelets.calls }),
    explain: (pod) => withDrawing(scheduler.explain(podOf(client, pod))),
    etcd: etcdOf(server.storage.store),
    get cloud() {
      if (!cloud) throw new RangeError('이 클러스터의 머신은 클라우드에서 빌린 것이 아니다. createCluster({ cloud: true })로 만든다.');
      return cloud.cloud;
    },
    restore: (snapshot) => restore(snapshot, { server, components: [manager, scheduler, ...(snapshots ? [snapshots] : []), ...(vertical?.processes ?? []), ...(cloud ? [cloud.manager, ...(cloud.autoscaler ? [cloud.autoscaler] : [])] : []), ...nodes.map((node) => node.process)] }),
    // It is told by the simulation itself: also while the API server is down.
    trace: (way) => trace(way, { client: storedObjects(server), network, machines, display }),
    apiServers: () => replicas?.fronts.map((front) => ({ machine: front.name, up: front.up(), requests: front.requests })) ?? [{ machine: controlPlane.name, up: parts.apiserver.running && (machines.get(controlPlane.name)?.powered ?? true), requests: server.requestCount }],
    fault: createFaults({ machines, processes: network.dnsInPods ? processes : new Map([...processes, ['coredns', network.dns]]), links, brokenImages, network }),
    kubelets,
    machines,
    machine: (name) => hostOf(found(machines, name, '머신'), { network, loop, random, programsOf }),
    get workstation() {
      return (desk ??= hostOn({ name: 'workstation', os: version.has('containerd-by-default') ? 'ubuntu-24.04' : 'ubuntu-20.04' }, { loop, random: random.fork('workstation'), registries, files }));
    },
    replace(name, factory) {
      own.add(name);
      const home = [cloud?.manager, snapshots, ...(vertical?.managers ?? [])].find((one) => one?.names.includes(name)) ?? manager;
      home.replace(name, factory);
    },
    cni: (factory) => network.pods.use(factory),
    policyEngine(engine) {
      if (!network.policies) throw new RangeError(`네트워크 플러그인 ${network.pods.profile.name}에는 NetworkPolicy를 집행하는 것이 없다`);
      network.policies.engine = engine;
    },
    webhook: (target, handler) => webhooks.set(target, handler),
    show: (namespace = 'default') => show(client, namespace),
    problems,
  };
}

/** kubectl on a machine of the cluster. */
function kubectlOn(machine: Machine, { server, client, loop, random, serves, kubelets, controlPlane, entrance, replicas }: Parts): Command {
  const users = clientsOfUsers({ server, loop, random, reachable: serves });
  const address = () => (server.storage.get(server.resourceOf('Service'), 'default', 'kubernetes') as Service).spec.clusterIP ?? '';
  const heads = replicas ? [entrance, ...replicas.plan.heads] : [controlPlane];
  const names = () => [controlPlane.name, 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local', address(), ...heads.map(({ ip }) => ip)];
  const door: ApiDoor = { server, authority: () => clusterAuthority, names, ...users };
  return machineKubectl({ machine, door: (ip, port) => (heads.some(({ ips }) => ips.includes(ip)) && port === 6443 ? door : undefined), common: kubectlOptions({ client, ...users, server, loop, kubelets, serves, meets: () => 'accept' }) });
}

const callsOf = (nodes: readonly ClusterNode[], machine?: string) => nodes.filter((node) => !machine || node.machine.name === machine).flatMap(({ criCalls }) => criCalls.calls).sort((a, b) => a.time - b.time);

function podOf(client: Client, pod: string | Key): Pod {
  const key = typeof pod === 'string' ? { namespace: 'default', name: pod } : { namespace: 'default', ...pod };
  try {
    return client.get('Pod', key);
  } catch (error) {
    if (isNotFound(error)) throw new RangeError(`${key.namespace}/${key.name} 파드가 없다: ${(error as StatusError).message}`);
    throw error;
  }
}
