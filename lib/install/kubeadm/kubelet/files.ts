// What a kubelet is started with: flags in a file of variables, and its configuration (cmd/kubeadm/app/phases/kubelet).
import { kubeletDocument } from '../configuration/component-documents.ts';
import { hostName } from '../configuration/dynamic-defaults.ts';
import { pauseImage } from '../configuration/images.ts';
import type { InitConfiguration } from '../configuration/types.ts';
import { argumentList } from '../control-plane/static-pod.ts';
import type { Steps } from '../frame/command.ts';
import { exitError, type KubeadmHost } from '../host.ts';
import { paths } from '../release.ts';

export function kubeletFlags(host: KubeadmHost, { nodeRegistration, cluster }: InitConfiguration, { registerTaints }: { registerTaints: boolean }): string[] {
  const { criSocket = '', kubeletExtraArgs = {}, taints, name } = nodeRegistration;
  const runtime: Record<string, string> = criSocket === paths.dockershim ? { 'network-plugin': 'cni', 'pod-infra-container-image': pauseImage(cluster) } : { 'container-runtime': 'remote', 'container-runtime-endpoint': criSocket };
  const nodeName = kubeletExtraArgs['hostname-override'] ?? name!;
  return argumentList(
    {
      ...runtime,
      ...(registerTaints && taints && taints.length > 0 && { 'register-with-taints': taints.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`).join(',') }),
      ...(nodeName !== hostName(host) && { 'hostname-override': nodeName }),
    },
    kubeletExtraArgs,
  );
}

export function writeKubeletFlags(host: KubeadmHost, init: InitConfiguration, { folder, registerTaints }: { folder: string; registerTaints: boolean }): void {
  const { files, out } = host;
  const path = `${folder}/kubeadm-flags.env`;
  files.makeDirectories(folder, 0o700);
  out(`[kubelet-start] Writing kubelet environment file with flags to file ${JSON.stringify(path)}\n`);
  files.write(path, `KUBELET_KUBEADM_ARGS=${JSON.stringify(kubeletFlags(host, init, { registerTaints }).join(' '))}\n`, 0o644);
}

export function writeKubeletConfiguration({ files, out }: KubeadmHost, { kubelet }: InitConfiguration, folder: string): void {
  const path = `${folder}/config.yaml`;
  files.makeDirectories(folder, 0o700);
  out(`[kubelet-start] Writing kubelet configuration to file ${JSON.stringify(path)}\n`);
  files.write(path, kubeletDocument(kubelet), 0o644);
}

const stopped = 'not running for a short period of time while setting up configuration for it';
const without = 'no supported init system detected, won\'t make sure the kubelet';

function* exists(host: KubeadmHost, otherwise: string): Steps {
  if (((yield* host.run('systemctl', 'status', 'kubelet'))?.stdout ?? '').includes('Loaded: not-found')) host.out(`[kubelet-start] couldn't detect a kubelet service, can't make sure the kubelet ${otherwise}.\n`);
}

/** Stopped while its files are written, so that it does not read half of them. */
export function* stopKubelet(host: KubeadmHost): Steps {
  if (!host.has('systemctl')) return host.out(`[kubelet-start] ${without} ${stopped}.\n`);
  yield* exists(host, stopped);
  const failed = exitError(yield* host.run('systemctl', 'stop', 'kubelet'));
  if (failed) host.out(`[kubelet-start] WARNING: unable to stop the kubelet service momentarily: [${failed}]\n`);
}

export function* startKubelet(host: KubeadmHost): Steps {
  host.out('[kubelet-start] Starting the kubelet\n');
  if (!host.has('systemctl')) return host.out(`[kubelet-start] ${without} is running properly.\n`);
  yield* exists(host, 'is running properly');
  yield* host.run('systemctl', 'daemon-reload');
  const failed = exitError(yield* host.run('systemctl', 'restart', 'kubelet'));
  if (failed) host.out(`[kubelet-start] WARNING: unable to start the kubelet service: [${failed}]\n[kubelet-start] Please ensure kubelet is reloaded and running manually.\n`);
}
