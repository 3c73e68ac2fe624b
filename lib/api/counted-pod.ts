// A pod as it is counted while it is being resized (KEP-1287, component-helpers/resource).
import { equal } from './object.ts';
import { isSidecar, podCondition } from './pod-helpers.ts';
import { parseQuantity } from './quantity.ts';
import type { Container, Pod } from './types.ts';
import type { Version } from './version.ts';

type Amounts = Record<string, string>;
type Statuses = NonNullable<NonNullable<Pod['status']>['containerStatuses']>;

/** The greatest of each amount. */
function greatest(lists: readonly (Amounts | undefined)[]): Amounts {
  const out: Amounts = {};
  for (const list of lists) for (const name in list) if (out[name] === undefined || parseQuantity(list[name]!).cmp(parseQuantity(out[name])) > 0) out[name] = list[name]!;
  return out;
}

/**
 * Where the containers' statuses say that they have, or were given, something else than the spec says, the pod with the
 * greatest of these; otherwise the pod itself. What the node can never give is not counted.
 */
export function countedPod(pod: Pod, version: Version): Pod {
  const { containerStatuses, initContainerStatuses } = pod.status ?? {};
  if (!containerStatuses || !version.has('in-place-resize')) return pod;
  const infeasible = podCondition(pod, 'PodResizePending')?.reason === 'Infeasible';
  const containers = count(pod.spec.containers, containerStatuses, infeasible);
  const initContainers = pod.spec.initContainers && count(pod.spec.initContainers, initContainerStatuses, infeasible, isSidecar);
  if (containers === pod.spec.containers && initContainers === pod.spec.initContainers) return pod;
  return { ...pod, spec: { ...pod.spec, containers, ...(initContainers && { initContainers }) } };
}

/** The same array when all is as the containers ask. */
function count(containers: Container[], statuses: Statuses = [], infeasible: boolean, which: (container: Container) => boolean = () => true): Container[] {
  let changed = false;
  const counted = containers.map((container) => {
    const status = which(container) ? statuses.find(({ name }) => name === container.name) : undefined;
    const { resources = {} } = container;
    if (!status?.resources || (equal(status.resources, resources) && equal(status.allocatedResources, resources.requests))) return container;
    const requests = greatest([infeasible ? undefined : (resources.requests as Amounts), status.resources.requests as Amounts, status.allocatedResources as Amounts]);
    const limits = greatest([infeasible ? undefined : (resources.limits as Amounts), status.resources.limits as Amounts]);
    if (equal(requests, resources.requests ?? {}) && equal(limits, resources.limits ?? {})) return container;
    changed = true;
    return { ...container, resources: { ...resources, requests, limits } };
  });
  return changed ? counted : containers;
}
