// The way to etcd: an endpoint, and certificates that both sides want to see.
import { readCertificate, readKey } from './certificates.ts';
import type { RaftGroup, RaftMember } from '../raft/index.ts';
import { Failure } from './failure.ts';

/** The etcd that a machine's etcdctl can reach. */
export interface EtcdMember {
  name: string;
  /** Addresses it listens on. */
  addresses: readonly string[];
  port: number;
  /** Who must have signed both certificates. */
  authority: string;
  running(): boolean;
}

/** Several members, as they are seen from the machine of etcdctl. */
export interface EtcdGroup {
  raft: RaftGroup;
  /** The member that listens at a host name or address. */
  memberAt(host: string): RaftMember | undefined;
  /** False where it does not run, or a connection does not get through. */
  reaches(name: string): boolean;
}

export interface Way {
  /** Missing: `member` is the only one. */
  group?: EtcdGroup;
  flags: ReadonlyMap<string, string>;
  env: ReadonlyMap<string, string>;
  readFile(path: string): string | undefined;
  member: EtcdMember;
}

/** As etcdctl's --command-timeout. */
const timeout = 5000;

/** A flag, or the variable that stands for it: `ETCDCTL_CACERT`. */
const setting = ({ flags, env }: Way, name: string): string => flags.get(name) ?? env.get(`ETCDCTL_${name.toUpperCase().replaceAll('-', '_')}`) ?? '';

/** Where to ask: the flag's list, or with `--cluster` all members. */
export function endpointsOf(way: Way): string[] {
  const given = (setting(way, 'endpoints') || '127.0.0.1:2379').split(',');
  if (!way.flags.has('cluster') || !way.group) return given;
  return way.group.raft.members.filter(({ started }) => started).map(({ clientURL }) => clientURL);
}

/** The one that is asked first. */
export const endpointOf = (way: Way): string => endpointsOf(way)[0]!;

const partsOf = (endpoint: string) => /^(?:(https?):\/\/)?([^:/]+):(\d+)$/.exec(endpoint) ?? [];

/** The member behind an endpoint. */
export const memberBehind = (way: Way, endpoint: string): RaftMember | undefined => way.group?.memberAt(partsOf(endpoint)[2] ?? '');

/**
 * Undefined when the connection stands; else why it does not. Files are looked at first and throw.
 * Differs from etcdctl: its log lines on the standard error, which tell the reason no better, are left out.
 */
export function connectionProblem(way: Way, endpoint = endpointOf(way)): Failure | undefined {
  const [authority, certificate, key] = filesOf(way);
  const { member } = way;
  const [, scheme = '', host, port] = partsOf(endpoint);
  const late = new Failure(1, 'context deadline exceeded', timeout);
  const listens = way.group ? way.group.reaches(memberBehind(way, endpoint)?.name ?? '') : member.addresses.includes(host ?? '') && member.running();
  if (!host || !listens || Number(port) !== member.port || scheme === 'http') return late;
  const known = authority?.subject === member.authority || way.flags.has('insecure-skip-tls-verify');
  if (!known || certificate?.issuer !== member.authority || !key) return late;
  return undefined;
}

/** Of several members: the first endpoint that can be reached, and why its answer does not come. */
export function groupProblem(way: Way, { serializable }: { serializable: boolean }): Failure | undefined {
  const reached = endpointsOf(way).find((endpoint) => !connectionProblem(way, endpoint));
  if (!reached) return connectionProblem(way);
  const member = memberBehind(way, reached)!;
  return serializable || way.group!.raft.commits(member.name) ? undefined : new Failure(1, 'context deadline exceeded', timeout);
}

function filesOf(way: Way) {
  const [cacert, cert, key] = ['cacert', 'cert', 'key'].map((name) => setting(way, name)) as [string, string, string];
  if ((cert === '') !== (key === '')) throw new Failure(128, `KeyFile and CertFile must both be present[key: ${key}, cert: ${cert}]`);
  const text = (path: string) => {
    const found = path === '' ? '' : way.readFile(path);
    if (found === undefined) throw new Failure(128, `open ${path}: no such file or directory`);
    return found;
  };
  const [certificate, secret] = [readCertificate(text(cert)), readKey(text(key))];
  if (cert && (!certificate || !secret)) throw new Failure(128, 'tls: failed to find any PEM data in certificate input');
  if (certificate && secret && certificate.subject !== secret.subject) throw new Failure(128, 'tls: private key does not match public key');
  return [readCertificate(text(cacert)), certificate, secret] as const;
}
