// What systemd starts as the kubelet of a machine that kubeadm sets up: it needs its configuration, and a way to an API server.
import { parse } from 'yaml';
import type { Client } from '../../client/index.ts';
import { TlsBootstrap } from '../../kubelet/index.ts';
import type { RequestKey } from '../../api/index.ts';
import { printYaml } from '../../kubectl/index.ts';
import type { FileView, Machine } from '../../machine/index.ts';
import { timestamp } from '../../sim/index.ts';
import { type Access, readAccess } from './kubeconfig.ts';

export const kubeletPaths = {
  configuration: '/var/lib/kubelet/config.yaml',
  kubeconfig: '/etc/kubernetes/kubelet.conf',
  bootstrap: '/etc/kubernetes/bootstrap-kubelet.conf',
  pki: '/var/lib/kubelet/pki',
  certificate: '/var/lib/kubelet/pki/kubelet-client-current.pem',
} as const;

/** Why the kubelet ends at once, as its log says it; undefined when it goes on. */
export function kubeletTrouble({ files, swap }: Machine): string | undefined {
  const { configuration: path, kubeconfig, bootstrap } = kubeletPaths;
  const text = files.read(path);
  if (text === undefined) return `failed to load Kubelet config file ${path}, error failed to read kubelet config file ${JSON.stringify(path)}, error: open ${path}: no such file or directory`;
  const { failSwapOn = true } = (parse(text, { logLevel: 'silent' }) ?? {}) as { failSwapOn?: boolean };
  if (failSwapOn && swap > 0) return 'failed to run Kubelet: running with swap on is not supported, please disable swap! or set --fail-swap-on flag to false.';
  if (readAccess(files, kubeconfig) || readAccess(files, bootstrap)) return undefined;
  return `failed to run Kubelet: unable to load bootstrap kubeconfig: stat ${bootstrap}: no such file or directory`;
}

const two = (n: number, width = 2) => String(n).padStart(width, '0');

/** The journal keeps why it ended, in klog's form. */
export function lastWords(machine: Machine, trouble: string): void {
  const now = new Date(machine.clock.now);
  const pid = machine.newPid();
  const time = `${two(now.getUTCMonth() + 1)}${two(now.getUTCDate())} ${now.toISOString().slice(11, 23)}000`;
  machine.systemd.journal.write('kubelet', `F${time} ${String(pid).padStart(7)} server.go:${trouble.startsWith('failed to load') ? 198 : 269}] ${trouble}`, { unit: 'kubelet.service', pid });
}

/**
 * Which files the kubelet is told of, as the package of kubeadm v1.20 says it.
 * Differs from Kubernetes: the unit itself has no file here; of what stands in this one another path or flag changes nothing.
 */
export function writeDropIn(files: FileView): void {
  const folder = '/etc/systemd/system/kubelet.service.d';
  const { configuration, kubeconfig, bootstrap: first } = kubeletPaths;
  files.makeDirectories(folder, 0o755);
  files.write(`${folder}/10-kubeadm.conf`, `# What kubeadm adds to kubelet.service.
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=${first} --kubeconfig=${kubeconfig}"
Environment="KUBELET_CONFIG_ARGS=--config=${configuration}"
# kubeadm init and kubeadm join write this file.
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
# For flags of one's own, as a last resort.
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`, 0o644);
}

/** The certificate under a name with its time, and a link that leads to the newest. */
function keepCertificate({ files, clock }: Machine, text: string): void {
  const { pki, certificate } = kubeletPaths;
  const path = `${pki}/kubelet-client-${timestamp(clock.now).slice(0, 19).replace('T', '-').replaceAll(':', '-')}.pem`;
  files.makeDirectories(pki);
  files.write(path, text, 0o600);
  if (files.findLink(certificate)) files.remove(certificate);
  files.makeLink(path, certificate);
}

/** The file that kubeadm left has the certificate in it: from now on it lies where it can be renewed. */
export function unpackCertificate(machine: Machine, { certificate }: Access): void {
  if (certificate !== undefined && machine.files.find(kubeletPaths.certificate) === undefined) keepCertificate(machine, certificate);
}

function writeKubeconfig(files: FileView, { server, authority = '' }: Access): void {
  const { kubeconfig, certificate } = kubeletPaths;
  files.write(kubeconfig, printYaml({
    apiVersion: 'v1',
    clusters: [{ cluster: { 'certificate-authority-data': btoa(authority), server }, name: 'default-cluster' }],
    contexts: [{ context: { cluster: 'default-cluster', namespace: 'default', user: 'default-auth' }, name: 'default-context' }],
    'current-context': 'default-context',
    kind: 'Config',
    preferences: {},
    users: [{ name: 'default-auth', user: { 'client-certificate': certificate, 'client-key': certificate } }],
  }), 0o600);
}

interface Bootstrapping {
  machine: Machine;
  access: Access;
  client(): Client;
  key: RequestKey;
  done(): void;
}

/** With no more than a token: asks for a certificate, and goes on when it has one. */
export function bootstrap({ machine, access, client, key, done }: Bootstrapping): TlsBootstrap {
  writeKubeconfig(machine.files, access);
  const asking = new TlsBootstrap({ clock: machine.clock, client, nodeName: machine.name, key, done: (certificate) => (keepCertificate(machine, certificate), done()) });
  asking.start();
  return asking;
}
