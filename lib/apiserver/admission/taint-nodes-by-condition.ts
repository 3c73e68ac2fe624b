import type { Admission } from './index.ts';

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** A new node takes no pods until the node lifecycle controller has seen that it is ready. */
export const taintNodesByCondition: Admission = {
  name: 'TaintNodesByCondition',
  kinds: ['Node'],
  admit({ operation, request, object }) {
    if (operation !== 'CREATE' || request.resource.kind !== 'Node' || request.subresource) return;
    const taints = (object!.spec ??= {}).taints ?? [];
    if (taints.some((t: typeof notReady) => t.key === notReady.key && t.effect === notReady.effect)) return;
    object!.spec.taints = [...taints, { ...notReady }];
  },
};
