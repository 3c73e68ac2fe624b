// The line that is typed on a machine that is to join (cmd/kubeadm/app/cmd/util/join.go).
import { parseYaml } from '../../../kubectl/index.ts';
import { readCertificate } from '../certificates/certificate.ts';
import { fail } from '../frame/errors.ts';
import type { KubeadmHost } from '../host.ts';
import { publicKeyPin } from './public-keys.ts';

interface Kubeconfig {
  clusters?: { name: string; cluster: { server: string; 'certificate-authority-data'?: string } }[];
}

export function joinCommand({ files }: KubeadmHost, { kubeconfig, token, controlPlane }: { kubeconfig: string; token: string; controlPlane?: { key: string } }): string {
  const text = files.read(kubeconfig) ?? fail(`failed to get join command: failed to load kubeconfig: open ${kubeconfig}: no such file or directory`);
  const cluster = (parseYaml(text) as Kubeconfig | null)?.clusters?.[0]?.cluster ?? fail('failed to get join command: failed to get default cluster config');
  const authority = readCertificate(atob(cluster['certificate-authority-data'] ?? '')) ?? fail('failed to get join command: no CA certificates found in kubeconfig');
  const line = `kubeadm join ${cluster.server.replaceAll('https://', '')} --token ${token} \\\n    --discovery-token-ca-cert-hash ${publicKeyPin(authority)} `;
  return controlPlane ? `${line}\\\n    --control-plane ${controlPlane.key && `--certificate-key ${controlPlane.key}`}` : line;
}
