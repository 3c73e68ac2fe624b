// What pods request of a resource, in thousandths: the 100 % of a utilization.
import { type Pod, parseQuantity, type Version } from '../../api/index.ts';

interface Requesting {
  name: string;
  restartPolicy?: string;
  resources?: { requests?: Record<string, string | number> };
}

export function podRequests(pods: readonly Pod[], { name: resource, container }: { name: string; container?: string | undefined }, version: Version): Map<string, number> {
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const counted = containersOf(pod, version).filter((one) => !container || one.name === container);
    const amounts = counted.map((one) => {
      const amount = one.resources?.requests?.[resource];
      if (amount === undefined) throw new Error(missingRequest(resource, one.name, pod.metadata.name, version));
      return parseQuantity(amount).milliValue();
    });
    requests.set(pod.metadata.name, amounts.reduce((sum, amount) => sum + amount, 0));
  }
  return requests;
}

function containersOf({ spec }: Pod, version: Version): Requesting[] {
  const sidecars = version.has('hpa-counts-sidecars') ? ((spec.initContainers ?? []) as Requesting[]).filter(({ restartPolicy }) => restartPolicy === 'Always') : [];
  return [...(spec.containers as Requesting[]), ...sidecars];
}

function missingRequest(resource: string, container: string, pod: string, version: Version): string {
  return version.has('hpa-names-missing-request') ? `missing request for ${resource} in container ${container} of Pod ${pod}` : `missing request for ${resource}`;
}
