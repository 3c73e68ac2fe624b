import { freeze, type Toleration } from '../../api/index.ts';
import type { Admission } from './index.ts';

const defaults = freeze(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })));

/** A pod stays 300 s on a node that is not ready or unreachable, unless it says otherwise. */
export const defaultTolerationSeconds: Admission = {
  name: 'DefaultTolerationSeconds',
  kinds: ['Pod'],
  admit({ operation, request, object }) {
    if (operation === 'DELETE' || request.resource.kind !== 'Pod' || request.subresource) return;
    const tolerations: Toleration[] = object!.spec?.tolerations ?? [];
    const missing = defaults.filter(({ key }) => !tolerations.some((t) => (!t.key || t.key === key) && (!t.effect || t.effect === 'NoExecute')));
    if (missing.length === 0) return;
    object!.spec.tolerations = [...tolerations, ...missing];
  },
};
