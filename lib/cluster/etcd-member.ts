// The etcd of a control plane as its machine shows it: certificates in /etc/kubernetes/pki, and etcdctl.
import type { Version } from '../api/index.ts';
import { certificateText, etcdctl, type EtcdGroup, type EtcdMember, keyText, type RaftGroup, type Snapshot, type Store } from '../etcd/index.ts';
import type { FileView, Machine } from '../machine/index.ts';
import type { Command } from '../workloads/index.ts';

const pki = '/etc/kubernetes/pki';

/** Certificates that kubeadm makes: file, who signed, whose. etcd has an authority of its own. */
const certificates: [file: string, issuer: string, subject: string][] = [
  ['ca', 'kubernetes', 'kubernetes'],
  ['apiserver', 'kubernetes', 'kube-apiserver'],
  ['apiserver-kubelet-client', 'kubernetes', 'kube-apiserver-kubelet-client'],
  ['apiserver-etcd-client', 'etcd-ca', 'kube-apiserver-etcd-client'],
  ['front-proxy-ca', 'front-proxy-ca', 'front-proxy-ca'],
  ['front-proxy-client', 'front-proxy-ca', 'front-proxy-client'],
  ['etcd/ca', 'etcd-ca', 'etcd-ca'],
  ['etcd/server', 'etcd-ca', 'control-plane'],
  ['etcd/peer', 'etcd-ca', 'control-plane-peer'],
  ['etcd/healthcheck-client', 'etcd-ca', 'kube-etcd-healthcheck-client'],
];

/** What the control plane's own authority says of itself. */
export const clusterAuthority = certificateText({ issuer: 'kubernetes', subject: 'kubernetes' });

/** The same for every control plane: spelt once. */
const written: [path: string, text: string][] = [
  ...certificates.flatMap(([file, issuer, subject]): [string, string][] => [
    [`${pki}/${file}.crt`, certificateText({ issuer, subject })],
    [`${pki}/${file}.key`, keyText(subject)],
  ]),
  [`${pki}/sa.key`, keyText('sa')],
  [`${pki}/sa.pub`, '-----BEGIN PUBLIC KEY-----\nc2E=\n-----END PUBLIC KEY-----\n'],
];

export function writeCertificates(files: FileView): void {
  files.makeDirectories(`${pki}/etcd`, 0o755);
  for (const [path, text] of written) files.write(path, text, path.endsWith('.key') ? 0o600 : 0o644);
}

/** All that a worker has of them: the authority by which it knows the API server. */
export function writeAuthority(files: FileView): void {
  files.makeDirectories(pki, 0o755);
  files.write(...written[0]!, 0o644);
}

/** etcdctl on the machine of a member. Differs from kubeadm: there it lies in the container of the etcd pod. */
export function etcdctlOn(machine: Machine, { store, version, running, members }: { store: Store; version: Version; running(): boolean; members?: EtcdMembers }): Command {
  const member: EtcdMember = { name: machine.name, addresses: ['127.0.0.1', 'localhost', machine.name, machine.ip], port: 2379, authority: 'etcd-ca', running };
  const snapshots = new Map<string, Snapshot>();
  const release = version.has('etcd-3.5') ? '3.5.21' : '3.4.13';
  return function* (argv, io, shell) {
    const { files } = shell.process;
    const at = (path: string) => (path.startsWith('/') ? path : `${shell.cwd}/${path}`);
    return yield* etcdctl(argv.slice(1), {
      store,
      release,
      member,
      ...(members && { group: membersSeenFrom(machine, members) }),
      snapshots,
      env: shell.variables,
      readFile: (path) => files.read(at(path)),
      saveFile: (path, text) => void files.write(at(path), text),
      out: io.out,
      err: io.err,
    });
  };
}

/** Several members, and what a machine reaches of them. */
export interface EtcdMembers {
  readonly etcd: RaftGroup;
  /** Whether a client on this machine gets through to a member. */
  reachesEtcd(from: string, member: string): boolean;
}

const membersSeenFrom = (machine: Machine, { etcd, reachesEtcd }: EtcdMembers): EtcdGroup => ({
  raft: etcd,
  memberAt: (host) => (['127.0.0.1', 'localhost', machine.name, machine.ip].includes(host) ? etcd.find(machine.name) : etcd.members.find(({ name, peerURL }) => name === host || peerURL.includes(`//${host}:`))),
  reaches: (name) => reachesEtcd(machine.name, name),
});
