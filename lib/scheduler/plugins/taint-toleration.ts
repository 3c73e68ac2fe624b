import type { Taint } from '../../api/index.ts';
import { defaultNormalize, type Handle, type Plugin, unresolvable } from '../framework.ts';
import { tolerates, untolerated } from '../tolerations.ts';

/** Refuses nodes with a taint that the pod does not tolerate; prefers nodes with few PreferNoSchedule taints. */
export function taintToleration({ version }: Handle): Plugin {
  const modern = version.has('taint-message-untolerated');
  const reason = ({ key, value = '' }: Taint) => (modern ? `node(s) had untolerated taint {${key}: ${value}}` : `node(s) had taint {${key}: ${value}}, that the pod didn't tolerate`);
  return {
    name: 'TaintToleration',
    local: true,
    retryOn: ['NodeAdd', 'NodeTaint', 'OwnTolerations'],
    filter({ pod }, { node }) {
      const taint = untolerated(node.spec.taints, pod.spec.tolerations);
      return taint && unresolvable(reason(taint));
    },
    score({ pod }, { node }) {
      let count = 0;
      for (const taint of node.spec.taints ?? []) {
        if (taint.effect === 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, taint)) count++;
      }
      return count;
    },
    normalize: (scores) => defaultNormalize(scores, true),
  };
}
