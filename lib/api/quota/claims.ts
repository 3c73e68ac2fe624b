// What a PersistentVolumeClaim uses of a quota (pkg/quota/v1/evaluator/core/persistent_volume_claims.go).
import { storageClassOf } from '../kinds/access-modes.ts';
import { quantity } from '../kinds/pod-spec/quantities.ts';
import type { Quantity } from '../quantity.ts';
import type { PersistentVolumeClaim } from '../types.ts';
import { one } from './amounts.ts';
import type { Evaluator } from './evaluator.ts';

/** `gold.storageclass.storage.k8s.io/requests.storage`: the same of one storage class only. */
const classInfix = '.storageclass.storage.k8s.io/';
const names = ['persistentvolumeclaims', 'requests.storage'];

export const claims: Evaluator = {
  matching: (hard) => hard.filter((name) => name === 'count/persistentvolumeclaims' || names.includes(name) || names.some((own) => name.endsWith(classInfix + own))),
  countsUpdates: true,
  usage(object) {
    const claim = object as PersistentVolumeClaim;
    const storageClass = storageClassOf(claim);
    const used: Record<string, Quantity> = { persistentvolumeclaims: one };
    const storage = claim.spec.resources?.requests?.['storage'];
    if (storage !== undefined) used['requests.storage'] = quantity(storage).roundUp(0);
    const ofClass = storageClass ? Object.entries(used).map(([name, amount]) => [storageClass + classInfix + name, amount] as const) : [];
    return { 'count/persistentvolumeclaims': one, ...used, ...Object.fromEntries(ofClass) };
  },
};
