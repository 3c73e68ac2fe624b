// /etc/kubernetes/admin.conf of a control plane's machine: how to reach its API server, and as whom.
import { certificateText, keyText } from '../etcd/index.ts';
import { printYaml } from '../kubectl/index.ts';
import type { FileView } from '../machine/index.ts';
import { clusterAuthority } from './etcd-member.ts';

/**
 * Only root may read it.
 * Differs from kubeadm since v1.29: its owner belongs to system:masters, as the one of super-admin.conf does.
 */
export function writeAdminKubeconfig(files: FileView, address: string): void {
  const [user, cluster] = ['kubernetes-admin', 'kubernetes'];
  const certificate = { issuer: 'kubernetes', subject: user, organization: 'system:masters' };
  const text = printYaml({
    apiVersion: 'v1',
    clusters: [{ cluster: { 'certificate-authority-data': btoa(clusterAuthority), server: `https://${address}:6443` }, name: cluster }],
    contexts: [{ context: { cluster, user }, name: `${user}@${cluster}` }],
    'current-context': `${user}@${cluster}`,
    kind: 'Config',
    preferences: {},
    users: [{ name: user, user: { 'client-certificate-data': btoa(certificateText(certificate)), 'client-key-data': btoa(keyText(user)) } }],
  });
  files.write('/etc/kubernetes/admin.conf', text, 0o600);
}
