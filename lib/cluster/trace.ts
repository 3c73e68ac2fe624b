// cluster.trace: a packet is sent, and told of.
import type { Client } from '../client/index.ts';
import { hostnameOf, hostsFile, resolverFile } from '../kubelet/index.ts';
import type { Machine } from '../machine/index.ts';
import { type ClusterNetwork, type Loss, type PacketTrace, verdictText } from '../network/index.ts';
import { addressTypes, resolveName } from '../workloads/index.ts';
import { drawPath, type Drawing } from '../view/index.ts';

export interface TraceOptions {
  /** A pod (`client`, `team-a/client`) or a machine. */
  from: string;
  /** What it asks for, as `curl` would be told: `web`, `http://web.default:8080`, `10.96.0.1:443`, `[fd00::1]:80`. Without a port: the Service's first, else 80. */
  to: string;
  /** `icmp`: what `ping` sends; there are no ports. */
  protocol?: 'tcp' | 'udp' | 'sctp' | 'icmp';
}

/** Every hop with the rule that decided. `show()` draws it. */
export interface Trace extends PacketTrace, Drawing {
  lookup?: Lookup;
  show(): void;
}

/** How a name was looked up: what was asked for, one after the other along the search path, and what came back. */
export interface Lookup {
  /** The name that had an answer, or the one that was asked for. */
  name: string;
  addresses: readonly string[];
  questions: readonly LookupQuestion[];
  /** Who answered when no name server was asked: `/etc/hosts`. */
  file?: string;
  /** The policy that did not let the question through. */
  policy?: string;
}

export interface LookupQuestion {
  name: string;
  server: string;
  /** NOERROR, NXDOMAIN, SERVFAIL; `timeout` when nobody answered. */
  rcode: string;
  /** `10.96.0.10`, or `CNAME web.default.svc.cluster.local`. */
  records: readonly string[];
}

export interface TraceParts {
  client: Pick<Client, 'list'>;
  network: ClusterNetwork;
  machines: ReadonlyMap<string, Machine>;
  display(drawing: Drawing): void;
}

const address = /^\d+\.\d+\.\d+\.\d+$/;

export function trace({ from, to, protocol = 'tcp' }: TraceOptions, { client, network, machines, display }: TraceParts): Trace {
  const caller = callerOf(from, { client, network, machines, display });
  const [, host = '', given] = /^(?:\w+:\/\/)?(\[[^\]]*\]|[^/:]+)(?::(\d+))?/.exec(to.split(':').length > 2 && !/[[/]/.test(to) ? `[${to}]` : to)?.map((part) => part?.replace(/^\[|\]$/g, '')) ?? [];
  const lookup = address.test(host) || host.includes(':') ? undefined : lookUpName(host, caller, network);
  const ip = lookup ? lookup.addresses[0] : host;
  const service = [...client.list('Service').items].find(({ spec }) => (spec.clusterIPs ?? [spec.clusterIP]).includes(ip));
  const port = given ? Number(given) : (service?.spec.ports?.[0]?.port ?? 80);
  const sent = protocol === 'icmp' ? ({ protocol: ip?.includes(':') ? 'ipv6-icmp' : 'icmp', port: 0 } as const) : { protocol, port };
  const told: PacketTrace = ip ? network.trace(caller, { ip, ...sent }) : { hops: [], error: lookup?.questions.some(({ rcode }) => rcode === 'timeout') ? 'timeout' : 'no-such-host' };
  const answers = told.arrived && network.listens(told.arrived.to, told.arrived.machine, sent.protocol);
  const error = told.error ?? (told.arrived && protocol === 'tcp' && !answers ? 'refused' : told.arrived && protocol === 'icmp' && !answers ? 'timeout' : undefined);
  const drawing = drawPath({ from, to, ...(lookup && { lookup }), hops: told.hops, end: endOf(told, error, client), reached: !error });
  return Object.defineProperties({ ...told, ...(error && { error }), ...(lookup && { lookup }), show: () => display(drawing) }, Object.getOwnPropertyDescriptors(drawing)) as Trace;
}

function lookUpName(host: string, caller: ReturnType<typeof callerOf>, network: ClusterNetwork): Lookup {
  const questions: LookupQuestion[] = [];
  const { name, addresses, answer } = resolveName(host, caller.files, (question, server) => {
    const answered = network.query(question, server, caller);
    const records = (answered?.records ?? []).map(({ type, data }) => (type === 'A' || type === 'AAAA' ? data : `${type} ${data.replace(/\.$/, '')}`));
    questions.push({ name: question.name, server, rcode: answered?.rcode ?? 'timeout', records });
    return answered;
  }, addressTypes(caller.ips));
  const verdict = answer ? undefined : network.dnsVerdict(caller);
  return { name, addresses, questions, ...(questions.length === 0 && { file: '/etc/hosts' }), ...(verdict?.allowed === false && { policy: verdictText(verdict) }) };
}

function callerOf(from: string, { client, machines, network }: TraceParts) {
  const machine = machines.get(from);
  if (machine) return { node: machine.name, ip: machine.ip, ips: machine.ips, files: machine.files };
  const [name = '', namespace = 'default'] = from.split('/').reverse();
  const pod = client.list('Pod', { namespace }).items.find(({ metadata }) => metadata.name === name);
  if (!pod?.status.podIP || !pod.spec.nodeName) throw new RangeError(`머신도 아니고 주소가 있는 파드도 아니다: '${from}'`);
  const node = machines.get(pod.spec.nodeName)!;
  const facts = { ips: (pod.status.podIPs ?? [{ ip: pod.status.podIP }]).map(({ ip }) => ip!), dnsAddress: network.dnsAddress, hostname: hostnameOf(pod), hostFile: (path: string) => node.files.read(path) ?? '', runtime: 'containerd' };
  const files = { read: (path: string) => (path === '/etc/hosts' ? hostsFile(pod, facts) : resolverFile(pod, facts)) };
  return { node: node.name, ip: pod.status.podIP, ips: facts.ips, namespace, files };
}

const reasons: Record<string, string> = { refused: '연결을 거절당했다', timeout: '답이 없다', unreachable: '길이 없다', closed: '받아 주더니 말없이 끊었다', 'no-such-host': '그런 이름이 없다' };

const losses: Record<Loss, string> = {
  'no-pod': '이 노드에는 그 주소를 가진 파드가 없다',
  'no-route': '라우팅 표에 길이 없다',
  router: '노드 사이의 라우터는 파드 대역을 모른다',
  cut: '노드 사이의 케이블이 끊겼다',
  overlap: '상대 노드의 주소가 파드 대역과 겹쳐서, 겉봉이 터널로 되돌아간다',
  firewall: '상대 노드의 방화벽이 터널의 포트를 막는다',
};

function endOf({ arrived, loss }: PacketTrace, error: string | undefined, client: Pick<Client, 'list'>): string {
  const who = arrived && podAt(arrived.to, arrived.machine, client);
  const where = arrived ? `${who ? `파드 ${who}` : `머신 ${arrived.machine}`} (${arrived.to})` : '';
  const why = where || (loss ? losses[loss] : '');
  return error ? `${reasons[error] ?? error}${why && `: ${why}`}` : where;
}

function podAt(at: string, node: string, client: Pick<Client, 'list'>): string | undefined {
  // Of an echo request it is the address alone.
  const ip = /^\[|^[^:]*:\d+$/.test(at) ? at.slice(0, at.lastIndexOf(':')).replace(/^\[|\]$/g, '') : at;
  const pod = client.list('Pod').items.find(({ status, spec }) => (status.podIP === ip || status.podIPs?.some((one) => one.ip === ip)) && spec.nodeName === node && !spec.hostNetwork && status.phase === 'Running');
  return pod && `${pod.metadata.namespace}/${pod.metadata.name}`;
}
