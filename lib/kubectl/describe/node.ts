import { type KubeObject, type Node, parseQuantity, type Pod, Quantity, since } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { rfc1123 } from '../text/duration.ts';
import { describeEvents } from './events.ts';
import { annotations, multiline, type Writer } from './writer.ts';

export function describeNode(w: Writer, object: KubeObject, call: Call): void {
  const node = object as Node;
  const { metadata, spec, status } = node;
  w.field(0, 'Name', metadata.name).field(0, 'Roles', roles(node));
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'CreationTimestamp', rfc1123(metadata.creationTimestamp));
  taints(w, node);
  w.field(0, 'Unschedulable', Boolean(spec.unschedulable));
  lease(w, node, call);
  conditions(w, node);
  w.line(0, 'Addresses:');
  for (const { type, address } of status.addresses ?? []) w.field(1, type, address);
  resourceList(w, 'Capacity', status.capacity);
  resourceList(w, 'Allocatable', status.allocatable);
  systemInfo(w, node);
  if (spec.podCIDR) w.field(0, 'PodCIDR', spec.podCIDR);
  if (spec.podCIDRs?.length) w.field(0, 'PodCIDRs', spec.podCIDRs.join(','));
  if (spec.providerID) w.field(0, 'ProviderID', spec.providerID);
  podsOn(w, node, call);
  describeEvents(w, call, object);
}

function roles({ metadata }: Node): string {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (key.startsWith('node-role.kubernetes.io/') && key.length > 24) found.add(key.slice(24));
    else if (key === 'kubernetes.io/role' && value) found.add(value);
  }
  return [...found].sort().join(',') || '<none>';
}

function taints(w: Writer, { spec }: Node): void {
  const texts = (spec.taints ?? []).map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`).sort((a, b) => (a < b ? -1 : 1));
  if (texts.length === 0) w.line(0, 'Taints:\t<none>');
  texts.forEach((text, i) => w.line(0, `${i === 0 ? 'Taints:' : ''}\t${text}`));
}

function lease(w: Writer, { metadata }: Node, call: Call): void {
  try {
    const { spec } = call.client.get('Lease', { namespace: 'kube-node-lease', name: metadata.name });
    w.line(0, 'Lease:').field(1, 'HolderIdentity', spec.holderIdentity ?? '<unset>');
    for (const [title, time] of [['AcquireTime', spec.acquireTime], ['RenewTime', spec.renewTime]] as const) w.field(1, title, time ? rfc1123(String(time)) : '<unset>');
  } catch (error) {
    w.field(0, 'Lease', `Failed to get lease: ${(error as Error).message}`);
  }
}

function conditions(w: Writer, { status }: Node): void {
  if (!status.conditions?.length) return;
  w.write(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n');
  w.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
  for (const { type, status: value, lastHeartbeatTime, lastTransitionTime, reason = '', message = '' } of status.conditions) {
    w.line(1, `${type} \t${value} \t${rfc1123(lastHeartbeatTime as unknown as string)} \t${rfc1123(lastTransitionTime as unknown as string)} \t${reason} \t${message}`);
  }
}

function resourceList(w: Writer, title: string, list: Record<string, string> | undefined): void {
  if (!list || Object.keys(list).length === 0) return;
  w.line(0, `${title}:`);
  for (const name of Object.keys(list).sort()) w.field(1, name, list[name]);
}

function systemInfo(w: Writer, { status }: Node): void {
  const info: Record<string, string> = (status.nodeInfo as never) ?? {};
  w.line(0, 'System Info:');
  const rows: [string, string][] = [
    ['Machine ID', 'machineID'],
    ['System UUID', 'systemUUID'],
    ['Boot ID', 'bootID'],
    ['Kernel Version', 'kernelVersion'],
    ['OS Image', 'osImage'],
    ['Operating System', 'operatingSystem'],
    ['Architecture', 'architecture'],
    ['Container Runtime Version', 'containerRuntimeVersion'],
    ['Kubelet Version', 'kubeletVersion'],
    ['Kube-Proxy Version', 'kubeProxyVersion'],
  ];
  for (const [title, key] of rows) w.field(1, title, info[key] ?? '');
}

type Sums = Record<string, { requests: Quantity; limits: Quantity }>;

const zero = () => parseQuantity('0');

/** What the containers of a pod ask for together; an init container counts where it asks for more. */
function podSums({ spec }: Pod, which: 'requests' | 'limits'): Record<string, Quantity> {
  const sums: Record<string, Quantity> = {};
  const addTo = (name: string, quantity: string) => {
    sums[name] = (sums[name] ?? zero()).add(parseQuantity(quantity));
  };
  for (const { resources } of spec.containers) for (const [name, quantity] of Object.entries(resources?.[which] ?? {})) addTo(name, quantity);
  const sidecars: Record<string, Quantity> = {};
  for (const container of spec.initContainers ?? []) {
    for (const [name, text] of Object.entries(container.resources?.[which] ?? {})) {
      const quantity = parseQuantity(text);
      if ((container as { restartPolicy?: string }).restartPolicy === 'Always') {
        sidecars[name] = (sidecars[name] ?? zero()).add(quantity);
        sums[name] = (sums[name] ?? zero()).add(quantity);
      } else if (quantity.add(sidecars[name] ?? zero()).cmp(sums[name] ?? zero()) > 0) sums[name] = quantity.add(sidecars[name] ?? zero());
    }
  }
  for (const [name, text] of Object.entries(spec.overhead ?? {})) addTo(name, text);
  return sums;
}

function share(part: Quantity | undefined, whole: string | undefined, milli: boolean): string {
  const quantity = part ?? zero();
  const [a, b] = milli ? [quantity.milliValue(), parseQuantity(whole ?? '0').milliValue()] : [quantity.value(), parseQuantity(whole ?? '0').value()];
  const percent = Number(b) > 0 ? Math.trunc((Number(a) / Number(b)) * 100) : 0;
  return `${quantity.toString()} (${percent}%)`;
}

function podsOn(w: Writer, node: Node, call: Call): void {
  const { items } = call.client.list('Pod', { fieldSelector: `spec.nodeName=${node.metadata.name},status.phase!=Failed,status.phase!=Succeeded` });
  const allocatable: Record<string, string> = (Object.keys(node.status.allocatable ?? {}).length > 0 ? node.status.allocatable : node.status.capacity) ?? {};
  w.line(0, `Non-terminated Pods:\t(${items.length} in total)`);
  w.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  w.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  const sums: Sums = {};
  for (const pod of items) {
    const [requests, limits] = [podSums(pod, 'requests'), podSums(pod, 'limits')];
    w.line(1, `${pod.metadata.namespace}\t${pod.metadata.name}\t\t${share(requests.cpu, allocatable.cpu, true)}\t${share(limits.cpu, allocatable.cpu, true)}\t${share(requests.memory, allocatable.memory, false)}\t${share(limits.memory, allocatable.memory, false)}\t${since(pod.metadata.creationTimestamp, call.now())}`);
    for (const [which, list] of [['requests', requests], ['limits', limits]] as const) {
      for (const [name, quantity] of Object.entries(list)) {
        const sum = (sums[name] ??= { requests: zero(), limits: zero() });
        sum[which] = sum[which].add(quantity);
      }
    }
  }
  allocated(w, sums, allocatable);
}

function allocated(w: Writer, sums: Sums, allocatable: Record<string, string>): void {
  w.write(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n');
  w.line(1, 'Resource\tRequests\tLimits').line(1, '--------\t--------\t------');
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    const sum = sums[name];
    w.line(1, `${name}\t${share(sum?.requests, allocatable[name], name === 'cpu')}\t${share(sum?.limits, allocatable[name], name === 'cpu')}`);
  }
  const others = Object.keys(allocatable).filter((name) => /^hugepages-|\//.test(name)).sort();
  for (const name of others) {
    const sum = sums[name];
    const text = (quantity: Quantity | undefined) => (name.startsWith('hugepages-') ? share(quantity, allocatable[name], false) : (quantity ?? zero()).toString());
    w.line(1, `${name}\t${text(sum?.requests)}\t${text(sum?.limits)}`);
  }
}
