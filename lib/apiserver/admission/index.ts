// Admission: plugins that look at a write after authorization and before the store. Order as in kube-apiserver.
import type { Context, KubeObject } from '../../api/index.ts';
import type { ServerParts } from '../parts.ts';
import type { ApiRequest } from '../request.ts';
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { defaultStorageClass } from './default-storage-class.ts';
import { defaultIngressClass } from './default-ingress-class.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { podSecurity } from './pod-security.ts';
import { validatingPolicies } from './policies.ts';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize.ts';
import { podPriority } from './priority.ts';
import { roleEscalation } from './role-escalation.ts';
import { runtimeClass } from './runtime-class.ts';
import { serviceAccount } from './service-account.ts';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.ts';
import { limitRanger } from './limit-ranger.ts';
import { resourceQuotas } from './resource-quota.ts';
import { mutatingWebhooks, validatingWebhooks } from './webhooks.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';

export interface Attributes {
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  request: ApiRequest;
  /** The draft that will be stored; missing for DELETE. */
  object?: KubeObject;
  old?: KubeObject;
  /** What defaults look at beside the object. */
  context(): Context;
  parts: ServerParts;
}

/** One admission plugin. `admit` may change the object, `validate` may only refuse; both refuse by throwing. */
export interface Admission {
  name: string;
  /** The kinds it has a word in; all when missing. */
  kinds?: readonly string[];
  admit?(attributes: Attributes): void;
  validate?(attributes: Attributes): void;
}

export const defaultAdmission: readonly Admission[] = [
  namespaceLifecycle,
  limitRanger,
  taintNodesByCondition,
  serviceAccount,
  podSecurity,
  podPriority,
  defaultTolerationSeconds,
  runtimeClass,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  defaultIngressClass,
  roleEscalation,
  mutatingWebhooks,
  validatingPolicies,
  validatingWebhooks,
  resourceQuotas,
];
