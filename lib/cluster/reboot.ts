// A cluster that was here before: what lies on the disk of a machine when it boots again.
import type { ContainerStatus, Node, Pod } from '../api/index.ts';
import type { ApiServer } from '../apiserver/index.ts';
import type { ContainerRuntime, EndedContainer } from '../workloads/index.ts';

/**
 * When everything starts on an etcd that is full, the machines have been off: what ran has ended as when the power fails, and
 * the kubelets start it again, each container counted as one restart more.
 * Differs from Kubernetes: logs and files of the containers are gone, and what lay on the disks in volumes.
 */
export function reboot(runtime: ContainerRuntime, server: ApiServer): void {
  const { machine } = runtime;
  const node = server.storage.find(server.resourceOf('Node'), undefined, machine.name) as Node | undefined;
  if (!node) return;
  while (machine.bootId === node.status.nodeInfo?.bootID) machine.boots++;
  for (const { names = [] } of node.status.images ?? []) runtime.imageService.load(names.at(-1) ?? '');
  const pods = server.storage.every(server.resourceOf('Pod')) as Pod[];
  for (const pod of pods) if (pod.spec.nodeName === machine.name && isAlive(pod)) recover(runtime, pod);
}

const isAlive = ({ status }: Pod) => status.phase !== 'Succeeded' && status.phase !== 'Failed' && status.containerStatuses !== undefined;

function recover(runtime: ContainerRuntime, { metadata, spec, status }: Pod): void {
  const { uid, name, namespace = 'default' } = metadata;
  const images = new Map([...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map((container) => [container.name, container.image ?? '']));
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? []), ...(status.ephemeralContainerStatuses ?? [])].flatMap((one) => endedOf(one, images.get(one.name) ?? '', runtime.machine.clock.now));
  runtime.recover({ uid, name, namespace, hostname: spec.hostname ?? name.slice(0, 63), hostNetwork: spec.hostNetwork ?? false, attempt: 0 }, containers);
}

/** Newest first: how the last run ended (the power ended one that ran), and the one before. */
function endedOf({ name, state, lastState, restartCount, containerID = '' }: ContainerStatus, image: string, now: number): EndedContainer[] {
  const idOf = (text = '') => text.replace(/^\w+:\/\//, '');
  const common = { name, image };
  const ended: EndedContainer[] = [];
  if (state?.running) ended.push({ ...common, id: idOf(containerID), attempt: restartCount, startedAt: Date.parse(state.running.startedAt ?? ''), finishedAt: now, exitCode: 255, reason: 'Unknown', message: '' });
  for (const one of [state?.terminated, lastState?.terminated]) {
    if (!one) continue;
    const { exitCode, reason = '', message = '', startedAt = '', finishedAt = '' } = one;
    ended.push({ ...common, id: idOf(one.containerID), attempt: restartCount - ended.length, startedAt: Date.parse(startedAt), finishedAt: Date.parse(finishedAt), exitCode, reason, message });
  }
  return ended;
}
