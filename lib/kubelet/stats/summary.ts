// GET /stats/summary (staging/src/k8s.io/kubelet/pkg/apis/stats/v1alpha1): what the node and its pods use, as JSON.
// Differs from Kubernetes: no page faults, no inodes and nothing of the network's traffic.
import { type ContainerUsage, type Machine } from '../../machine/index.ts';
import { timestamp } from '../../sim/index.ts';
import type { ContainerStats, NodeStats, PodStats } from './usage.ts';

interface Told {
  nodeName: string;
  machine: Machine;
  node: NodeStats;
  pods: readonly PodStats[];
  /** `?only_cpu_and_memory=true` */
  brief: boolean;
}

export function summary({ nodeName, machine, node, pods, brief }: Told): object {
  const time = timestamp(machine.clock.now);
  const cpu = ({ cores, cpu }: ContainerUsage) => ({ time, usageNanoCores: Math.round(cores * 1e9), usageCoreNanoSeconds: Math.round(cpu) });
  const memory = ({ memory }: ContainerUsage) => ({ time, usageBytes: memory, workingSetBytes: memory, rssBytes: memory });
  const disk = { time, availableBytes: machine.diskAvailable, capacityBytes: machine.disk };
  const ofContainer = (one: ContainerStats) => ({
    name: one.name,
    startTime: timestamp(one.startedAt),
    cpu: cpu(one),
    memory: memory(one),
    ...(!brief && { rootfs: { ...disk, usedBytes: one.written() }, logs: { ...disk, usedBytes: 0 } }),
  });
  return {
    node: {
      nodeName,
      startTime: timestamp(node.startedAt),
      cpu: cpu(node),
      memory: { time, availableBytes: node.memoryAvailable, usageBytes: node.memory, workingSetBytes: node.memory, rssBytes: node.memory },
      ...(!brief && { fs: { ...disk, usedBytes: machine.diskUsed }, runtime: { imageFs: { ...disk, usedBytes: machine.diskUsed } } }),
    },
    pods: pods.map((pod) => ({
      podRef: { name: pod.name, namespace: pod.namespace, uid: pod.uid },
      startTime: timestamp(pod.startedAt),
      containers: pod.containers.map(ofContainer),
      cpu: cpu(pod),
      memory: memory(pod),
      ...(!brief && { 'ephemeral-storage': { ...disk, usedBytes: pod.containers.reduce((sum, one) => sum + one.written(), 0) } }),
    })),
  };
}
