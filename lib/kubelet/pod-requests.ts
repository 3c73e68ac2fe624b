// What a pod asks of its node.
import { bytes, type Container, cpuMilli, isSidecar, type Pod } from '../api/index.ts';

/** Of each resource: cpu in thousandths, memory and disk in bytes, others in pieces. */
export type Amounts = { cpu: number; memory: number } & Record<string, number>;

const amountOf = (resource: string, text: string): number => (resource === 'cpu' ? cpuMilli(text) : bytes(text));

function add(sum: Amounts, requests: Readonly<Record<string, string>> | undefined): void {
  for (const resource in requests) sum[resource] = (sum[resource] ?? 0) + amountOf(resource, requests[resource]!);
}

function raise(sum: Amounts, to: Amounts): void {
  for (const resource in to) sum[resource] = Math.max(sum[resource] ?? 0, to[resource]!);
}

/** Its containers and sidecars together, or at its start an init container and the sidecars before it if that is more. */
export function podRequests({ spec }: Pod): Amounts {
  const sum: Amounts = { cpu: 0, memory: 0 };
  for (const { resources } of spec.containers) add(sum, resources?.requests);
  if (spec.initContainers) startRequests(spec.initContainers, sum);
  add(sum, spec.overhead);
  return sum;
}

function startRequests(containers: readonly Container[], sum: Amounts): void {
  const [peak, sidecars]: [Amounts, Amounts] = [{ cpu: 0, memory: 0 }, { cpu: 0, memory: 0 }];
  for (const container of containers) {
    const requests = container.resources?.requests;
    const step = { ...sidecars };
    add(step, requests);
    raise(peak, step);
    if (!isSidecar(container)) continue;
    add(sidecars, requests);
    add(sum, requests);
  }
  raise(sum, peak);
}
