// Before any container: the volumes, then the sandbox with its network.
import { hostPorts, type Pod } from '../api/index.ts';
import type { PodRecord, PortMapping } from '../machine/index.ts';
import { hostnameOf } from './pod-files.ts';
import type { PodParts } from './pod-parts.ts';
import { missingPullSecrets } from './pull-secrets.ts';
import { dotted } from './sysctls.ts';
import { latest, shouldRestart } from './pod-status.ts';
import { mountVolumes } from './volumes/keep-up.ts';
import { watchSizes } from './volumes/size-limits.ts';
import type { Worker } from './worker.ts';

/** True when the pod needs none any more, and its status may have to say so. */
export function startSandbox(parts: PodParts, worker: Worker, record: PodRecord | undefined): boolean {
  const { runtime, podEvent, random, clock } = parts;
  const { pod } = worker;
  if (record?.sandboxError) {
    podEvent(worker, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: rpc error: code = Unknown desc = ${networkFailure(record, worker, parts)}`);
    runtime.removePod(worker.uid);
    worker.sandboxing = false;
    parts.wakeAt(worker, clock.now + 10_000 + random.int(5_000));
    return false;
  }
  // A pod that is over does not get a new sandbox just because the old one is gone.
  const again = pod.spec.containers.some((c) => shouldRestart(c, pod, latest(record, c.name)));
  if (record && record.containers.length > 0 && !again) return true;
  const problem = runtime.networkProblem();
  if (problem && !pod.spec.hostNetwork) {
    podEvent(worker, 'Warning', 'NetworkNotReady', `network is not ready: ${parts.version.has('containerd-by-default') ? 'container ' : ''}runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:${problem}`);
    parts.wakeAt(worker, clock.now + 2_000);
    return false;
  }
  if (!mountVolumes(parts, worker)) return false;
  watchSizes(parts, worker);
  if (record?.sandboxId) podEvent(worker, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
  if (parts.version.has('pull-secrets-missing')) tellMissingSecrets(parts, worker);
  const { name, namespace = 'default', uid } = pod.metadata;
  const sysctls = pod.spec.securityContext?.sysctls;
  const attempt = record?.sandboxId ? record.attempt + 1 : 0;
  worker.sandboxing = true;
  runtime.runSandbox({ uid, name, namespace, hostname: pod.spec.hostNetwork ? parts.machine.hostname : hostnameOf(pod), hostNetwork: pod.spec.hostNetwork ?? false, attempt, cgroup: { parent: cgroupOf(pod), scope: runtime.name === 'docker' ? 'docker' : 'cri-containerd' }, portMappings: portMappingsOf(pod), ...(sysctls && { sysctls: Object.fromEntries(sysctls.map(({ name, value }) => [dotted(name), value])) }) });
  return false;
}

/** Differs from Kubernetes: told once for each sandbox; there, each time the pod is looked at. */
function tellMissingSecrets({ client, podEvent }: PodParts, worker: Worker): void {
  const missing = missingPullSecrets(worker.pod, client);
  if (missing.length > 0) podEvent(worker, 'Warning', 'FailedToRetrieveImagePullSecret', `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`);
}

/** On the host's network its ports are the host's anyway. */
function portMappingsOf({ spec }: Pod): PortMapping[] | undefined {
  const ports = spec.hostNetwork ? [] : hostPorts(spec);
  if (ports.length === 0) return undefined;
  return ports.map(({ ip, protocol, port, containerPort }) => ({ protocol: protocol.toLowerCase() as PortMapping['protocol'], hostPort: port, containerPort, ...(ip !== '0.0.0.0' && { hostIP: ip }) }));
}

/** Below which control group its containers are: by quality of service, as systemd spells it (pkg/kubelet/cm/cgroup_manager_linux.go). */
function cgroupOf({ metadata: { uid }, status }: Pod): string {
  const name = `pod${uid.replaceAll('-', '_')}.slice`;
  const quality = status.qosClass?.toLowerCase() ?? 'guaranteed';
  return quality === 'guaranteed' ? `/kubepods.slice/kubepods-${name}` : `/kubepods.slice/kubepods-${quality}.slice/kubepods-${quality}-${name}`;
}

/** As the runtime tells of a plug-in that failed; dockershim leaves out which one it was. */
function networkFailure({ sandboxId, sandboxError }: PodRecord, { pod }: Worker, { version }: PodParts): string {
  if (version.has('containerd-by-default')) return `failed to setup network for sandbox ${JSON.stringify(sandboxId)}: ${sandboxError}`;
  const { name, namespace = 'default' } = pod.metadata;
  const reason = sandboxError.replace(/^plugin type="[^"]*" failed \(add\): /, '');
  return `failed to set up sandbox container ${JSON.stringify(sandboxId)} network for pod ${JSON.stringify(name)}: networkPlugin cni failed to set up pod "${name}_${namespace}" network: ${reason}`;
}
