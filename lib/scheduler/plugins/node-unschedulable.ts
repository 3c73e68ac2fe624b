import { type Plugin, unresolvable } from '../framework.ts';
import { tolerates } from '../tolerations.ts';

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** Refuses a cordoned node (`kubectl cordon`), unless the pod tolerates the taint that goes with it. */
export function nodeUnschedulable(): Plugin {
  return {
    name: 'NodeUnschedulable',
    local: true,
    retryOn: ['NodeAdd', 'NodeTaint', 'OwnTolerations'],
    filter({ pod }, { node }) {
      if (!node.spec.unschedulable || tolerates(pod.spec.tolerations, taint)) return undefined;
      return unresolvable('node(s) were unschedulable');
    },
  };
}
