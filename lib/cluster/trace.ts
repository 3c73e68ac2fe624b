// cluster.trace: a packet is sent, and told of.
import type { Client } from '../client/index.ts';
import { hostnameOf, hostsFile, resolverFile } from '../kubelet/index.ts';
import type { Machine } from '../machine/index.ts';
import { type ClusterNetwork, type PacketTrace, traceOf } from '../network/index.ts';
import { resolveName } from '../workloads/index.ts';
import { drawPath, type Drawing } from '../view/index.ts';

export interface TraceOptions {
  /** A pod (`client`, `team-a/client`) or a machine. */
  from: string;
  /** What it asks for, as `curl` would be told: `web`, `http://web.default:8080`, `10.96.0.1:443`. Without a port: the Service's first, else 80. */
  to: string;
  protocol?: 'tcp' | 'udp' | 'sctp';
}

/** Every hop with the rule that decided. `show()` draws it. */
export interface Trace extends PacketTrace, Drawing {
  lookup?: { name: string; addresses: readonly string[] };
  show(): void;
}

export interface TraceParts {
  client: Pick<Client, 'list'>;
  network: ClusterNetwork;
  machines: ReadonlyMap<string, Machine>;
  display(drawing: Drawing): void;
}

const address = /^\d+\.\d+\.\d+\.\d+$/;

export function trace({ from, to, protocol = 'tcp' }: TraceOptions, { client, network, machines, display }: TraceParts): Trace {
  const caller = callerOf(from, client, machines);
  const [, host = '', given] = /^(?:\w+:\/\/)?([^/:]+)(?::(\d+))?/.exec(to) ?? [];
  const lookup = address.test(host) ? undefined : resolveName(host, caller.files, (question, server) => network.query(question, server));
  const ip = lookup ? lookup.addresses[0] : host;
  const service = [...client.list('Service').items].find(({ spec }) => spec.clusterIP === ip);
  const port = given ? Number(given) : (service?.spec.ports?.[0]?.port ?? 80);
  const told: PacketTrace = ip ? traceOf(network.travel(caller, ip, port, protocol)) : { hops: [], error: 'no-such-host' };
  const answers = told.arrived && network.listens(told.arrived.to);
  const error = told.error ?? (told.arrived && protocol === 'tcp' && !answers ? 'refused' : undefined);
  const drawing = drawPath({ from, to, ...(lookup && { lookup }), hops: told.hops, end: endOf(told, error, client), reached: !error });
  return Object.defineProperties({ ...told, ...(error && { error }), ...(lookup && { lookup }), show: () => display(drawing) }, Object.getOwnPropertyDescriptors(drawing)) as Trace;
}

function callerOf(from: string, client: Pick<Client, 'list'>, machines: ReadonlyMap<string, Machine>) {
  const machine = machines.get(from);
  if (machine) return { node: machine.name, ip: machine.ip, files: machine.files };
  const [name = '', namespace = 'default'] = from.split('/').reverse();
  const pod = client.list('Pod', { namespace }).items.find(({ metadata }) => metadata.name === name);
  if (!pod?.status.podIP || !pod.spec.nodeName) throw new RangeError(`'${from}'은(는) 머신도 아니고 주소가 있는 파드도 아니다`);
  const node = machines.get(pod.spec.nodeName)!;
  const facts = { ip: pod.status.podIP, hostname: hostnameOf(pod), hostFile: (path: string) => node.files.read(path) ?? '', runtime: 'containerd' };
  const files = { read: (path: string) => (path === '/etc/hosts' ? hostsFile(pod, facts) : resolverFile(pod, facts)) };
  return { node: node.name, ip: facts.ip, namespace, files };
}

const reasons: Record<string, string> = { refused: '연결을 거절당했다', timeout: '답이 없다', unreachable: '길이 없다', closed: '받아 주더니 말없이 끊었다', 'no-such-host': '그런 이름이 없다' };

function endOf({ arrived }: PacketTrace, error: string | undefined, client: Pick<Client, 'list'>): string {
  const who = arrived && podAt(arrived.to, client);
  const where = arrived ? `${who ? `파드 ${who}` : `머신 ${arrived.machine}`} (${arrived.to})` : '';
  return error ? `${reasons[error] ?? error}${where && `: ${where}`}` : where;
}

function podAt(at: string, client: Pick<Client, 'list'>): string | undefined {
  const ip = at.slice(0, at.lastIndexOf(':'));
  const pod = client.list('Pod').items.find(({ status, spec }) => status.podIP === ip && !spec.hostNetwork && status.phase === 'Running');
  return pod && `${pod.metadata.namespace}/${pod.metadata.name}`;
}
