// Reviews of authentication.k8s.io and authorization.k8s.io: questions that are answered on the spot. Nothing is stored.
import type { Resource } from '../resource.ts';

const review = (kind: string, { namespaced = false, group = 'authorization.k8s.io' } = {}): Resource => ({
  kind,
  group,
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  namespaced,
  versions: [{ version: 'v1' }, { version: 'v1beta1', until: 21 }],
  etcdPath: `${kind.toLowerCase()}s`,
  verbs: ['create'],
  transient: true,
});

export const reviews: readonly Resource[] = [review('LocalSubjectAccessReview', { namespaced: true }), review('SelfSubjectAccessReview'), review('SelfSubjectRulesReview'), review('SubjectAccessReview'), review('TokenReview', { group: 'authentication.k8s.io' })];
