// The way to etcd: an endpoint, and certificates that both sides want to see.
import { readCertificate, readKey } from './certificates.ts';
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

export interface Way {
  flags: ReadonlyMap<string, string>;
  env: ReadonlyMap<string, string>;
  readFile(path: string): string | undefined;
  member: EtcdMember;
}

/** As etcdctl's --command-timeout. */
const timeout = 5000;

/** A flag, or the variable that stands for it: `ETCDCTL_CACERT`. */
const setting = ({ flags, env }: Way, name: string): string => flags.get(name) ?? env.get(`ETCDCTL_${name.toUpperCase().replaceAll('-', '_')}`) ?? '';

export const endpointOf = (way: Way): string => setting(way, 'endpoints') || '127.0.0.1:2379';

/**
 * Undefined when the connection stands; else why it does not. Files are looked at first and throw.
 * Differs from etcdctl: its log lines on the standard error, which tell the reason no better, are left out.
 */
export function connectionProblem(way: Way): Failure | undefined {
  const [authority, certificate, key] = filesOf(way);
  const { member } = way;
  const [, scheme = '', host, port] = /^(?:(https?):\/\/)?([^:/]+):(\d+)$/.exec(endpointOf(way)) ?? [];
  const late = new Failure(1, 'context deadline exceeded', timeout);
  if (!host || !member.addresses.includes(host) || Number(port) !== member.port || !member.running() || scheme === 'http') return late;
  const known = authority?.subject === member.authority || way.flags.has('insecure-skip-tls-verify');
  if (!known || certificate?.issuer !== member.authority || !key) return late;
  return undefined;
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
