// The small cloud's groups of machines, as the cluster autoscaler speaks to them.
import type { Node } from '../../api/index.ts';
import type { NodeGroup, NodeGroups } from '../../autoscaling/index.ts';
import { GiB, hexOf, KiB, MiB } from '../../machine/index.ts';
import { plannedMachine, workerOf } from '../options.ts';
import { type GroupApi, idOf } from './cloud.ts';
import type { CloudGroup } from './groups.ts';
import { providerIDOf } from './provider.ts';

/** The name is the end of the provider ID of a machine that is not there yet. */
export function nodeGroupsOf(api: GroupApi): NodeGroups {
  const instanceID = (name: string) => {
    const instance = api.instances().find((one) => one.name === name);
    return instance ? providerIDOf(instance) : `kubook:///${idOf(name)}`;
  };
  const groupOf = ({ name, min, max, target, machines, options }: CloudGroup): NodeGroup => ({
    id: name,
    minSize: min,
    maxSize: max,
    targetSize: target,
    instances: machines.map((machine) => ({ providerID: instanceID(machine.name), ordered: machine.ordered })),
    template: () => templateOf(options),
  });
  return {
    list: () => api.groups().map(groupOf),
    increaseSize: (id, by) => api.growGroup(id, by),
    deleteNodes(id, providerIDs) {
      const group = api.groups().find(({ name }) => name === id);
      api.shrinkGroup(id, (group?.machines ?? []).map(({ name }) => name).filter((name) => providerIDs.includes(instanceID(name))));
    },
  };
}

/** A machine of the group as its kubelet would register it. Differs from Kubernetes: its zone is known when it is there. */
function templateOf(group: CloudGroup['options']): Node {
  const name = `template-node-for-${group.name}-${hexOf(group.name).slice(0, 16)}`;
  const { cpus, memory, options } = plannedMachine(workerOf(group, name), { i: 0, families: ['IPv4'] });
  const labels = { 'beta.kubernetes.io/arch': 'amd64', 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name, 'node.kubernetes.io/instance-type': `c${cpus}m${Math.round(memory / GiB)}` };
  const capacity = { cpu: String(cpus), memory: `${memory / KiB}Ki`, pods: String(options.pods ?? 110), 'ephemeral-storage': `${(60 * GiB) / KiB}Ki` };
  // As a kubelet keeps 100Mi of memory and a tenth of the disk.
  const allocatable = { ...capacity, memory: `${(memory - 100 * MiB) / KiB}Ki`, 'ephemeral-storage': String(Math.floor(54 * GiB)) };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...labels, ...options.labels } },
    spec: { ...(options.taints && { taints: options.taints }) },
    status: { capacity, allocatable, conditions: [{ type: 'Ready', status: 'True' }] },
  } as unknown as Node;
}
