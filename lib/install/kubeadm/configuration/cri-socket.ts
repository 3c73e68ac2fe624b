// Which container runtime a machine has, by the sockets that are there (cmd/kubeadm/app/util/runtime).
import type { Version } from '../../../api/index.ts';
import { fail } from '../frame/errors.ts';
import { paths } from '../release.ts';

/** Where the socket of each runtime lies. Docker's own speaks no CRI: before v1.24 the kubelet stood between (dockershim), today cri-dockerd does. */
export const knownSockets = { docker: '/var/run/docker.sock', containerd: '/run/containerd/containerd.sock', crio: '/var/run/crio/crio.sock', criDockerd: '/var/run/cri-dockerd.sock' } as const;

/** Throws where nobody can know which one is meant. */
export function detectSocket(isSocket: (path: string) => boolean, version: Version): string {
  return version.has('containerd-by-default') ? today(isSocket) : withDockershim(isSocket);
}

/** Docker counts before the containerd that it brings along. */
function withDockershim(isSocket: (path: string) => boolean): string {
  const { docker, containerd, crio } = knownSockets;
  const first = isSocket(docker) ? [paths.dockershim] : isSocket(containerd) ? [containerd] : [];
  const found = [...first, ...(isSocket(crio) ? [crio] : [])];
  if (found.length > 1) fail(`Found multiple CRI sockets, please use --cri-socket to select one: ${found.join(', ')}`);
  return found[0] ?? paths.dockershim;
}

/** Nobody counts before others. Without any it is containerd, of which the checks say that it is not there. */
function today(isSocket: (path: string) => boolean): string {
  const known = [`/var${knownSockets.containerd}`, knownSockets.crio, knownSockets.criDockerd];
  const found = known.filter(isSocket).map((path) => `unix://${path}`);
  if (found.length > 1) fail(`found multiple CRI endpoints on the host. Please define which one do you wish to use by setting the 'criSocket' field in the kubeadm configuration file: ${found.join(', ')}`);
  return found[0] ?? `unix://${known[0]}`;
}
