// Waits until the static pods have become a control plane (cmd/kubeadm/app/cmd/phases/init/waitcontrolplane.go).
import { parseGoDuration } from '../../../kubectl/index.ts';
import type { Steps } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import { kubeletAdvice, waitForKubeletAnd } from '../kubelet/wait.ts';
import { loginOf } from '../kubeconfig/read.ts';
import { paths } from '../release.ts';
import type { InitData } from './data.ts';

const interval = 500;

export function* waitForControlPlane({ host, init, kubeconfigPath }: InitData): Steps {
  const login = loginOf(host, kubeconfigPath) ?? fail(`cannot obtain client: failed to load admin kubeconfig: open ${kubeconfigPath}: no such file or directory`);
  const { clock } = host.machine;
  const start = clock.now;
  const timeout = parseGoDuration(init.cluster.apiServer.timeoutForControlPlane ?? '') ?? 0;
  function* ready(): Steps<boolean> {
    return 'client' in (yield* host.api(login));
  }
  const error = yield* waitForKubeletAnd(host, ready, { interval, timeout });
  if (error === undefined) return host.out(`[apiclient] All control plane components are healthy after ${((clock.now - start) / 1000).toFixed(6)} seconds\n`);
  host.out(`${kubeletAdvice(error)}${containerAdvice(init.nodeRegistration.criSocket!)}`);
  fail("couldn't initialize a Kubernetes cluster");
}

function containerAdvice(socket: string): string {
  const docker = socket === paths.dockershim;
  const tool = docker ? 'docker' : `crictl --runtime-endpoint ${socket}`;
  return `
Additionally, a control plane component may have crashed or exited when started by the container runtime.
To troubleshoot, list all containers using your preferred container runtimes CLI.

Here is one example how you may list all Kubernetes containers running in ${docker ? 'docker' : 'cri-o/containerd using crictl'}:
\t- '${tool} ps -a | grep kube | grep -v pause'
\tOnce you have found the failing container, you can inspect its logs with:
\t- '${tool} logs CONTAINERID'

`;
}
