// The end of TLS bootstrap on the first node: its kubelet.conf leads to a certificate that the kubelet renews by itself
// (cmd/kubeadm/app/cmd/phases/init/kubeletfinalize.go).
import { parseYaml, printYaml } from '../../../kubectl/index.ts';
import type { Steps } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import { paths } from '../release.ts';
import { type InitData, kubeletFolder } from './data.ts';

interface Kubeconfig {
  users?: { name: string; user: Record<string, string> }[];
}

export function* finalizeKubelet(data: InitData): Steps {
  const { host, init: { nodeRegistration }, dryRun } = data;
  const { files, out } = host;
  const pem = `${nodeRegistration.kubeletExtraArgs?.['cert-dir'] ?? `${kubeletFolder(data)}/pki`}/kubelet-client-current.pem`;
  // The kubelet does not renew its certificate.
  if (!files.find(pem)) return;
  const path = `${paths.kubernetes}/kubelet.conf`;
  out(`[kubelet-finalize] Updating ${JSON.stringify(path)} to point to a rotatable kubelet client certificate and key\n`);
  if (dryRun) return;
  const text = files.read(path) ?? fail(`could not load ${JSON.stringify(path)}: open ${path}: no such file or directory`);
  const config = parseYaml(text) as Kubeconfig;
  const name = `system:node:${nodeRegistration.name}`;
  if (!config.users?.some((one) => one.name === name)) fail(`the file ${JSON.stringify(path)} does not contain authentication for user ${JSON.stringify(nodeRegistration.name)}`);
  const users = config.users!.map((one) => (one.name === name ? { name, user: { 'client-certificate': pem, 'client-key': pem } } : one));
  files.write(path, printYaml({ ...config, users }), 0o600);
  if (host.has('systemctl')) yield* host.run('systemctl', 'restart', 'kubelet');
}
