// What a pod asks for as a whole: its containers together, or a step of its start where that needs more.
import { isSidecar } from '../pod-helpers.ts';
import type { Container, Pod } from '../types.ts';
import type { Version } from '../version.ts';
import { type Amounts, addAmounts, amountsOf, maxAmounts } from './amounts.ts';

type Part = 'requests' | 'limits';

function amountsOfPod({ spec }: Pod, part: Part, version: Version): Amounts {
  const of = ({ resources }: Container) => amountsOf(resources?.[part]);
  let total = (spec.containers ?? []).map(of).reduce(addAmounts, {});
  let sidecars: Amounts = {};
  let start: Amounts = {};
  for (const container of spec.initContainers ?? []) {
    if (version.has('sidecar-containers') && isSidecar(container)) {
      sidecars = addAmounts(sidecars, of(container));
      total = addAmounts(total, of(container));
      start = maxAmounts(start, sidecars);
    } else start = maxAmounts(start, addAmounts(of(container), sidecars));
  }
  return maxAmounts(total, start);
}

/** Since sidecars count, so does a pod's overhead. */
function withOverhead(amounts: Amounts, { spec }: Pod, version: Version, part: Part): Amounts {
  if (!spec.overhead || !version.has('quota-counts-overhead')) return amounts;
  const overhead = amountsOf(spec.overhead);
  // Only what is limited at all has a limit that grows.
  return addAmounts(amounts, part === 'requests' ? overhead : Object.fromEntries(Object.entries(overhead).filter(([name]) => name in amounts)));
}

export const podRequests = (pod: Pod, version: Version): Amounts => withOverhead(amountsOfPod(pod, 'requests', version), pod, version, 'requests');
export const podLimits = (pod: Pod, version: Version): Amounts => withOverhead(amountsOfPod(pod, 'limits', version), pod, version, 'limits');
