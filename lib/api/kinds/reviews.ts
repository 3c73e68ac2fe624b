// Reviews of authorization.k8s.io: questions that are answered on the spot. Nothing is stored.
import type { Resource } from '../resource.ts';

const review = (kind: string, namespaced = false): Resource => ({
  kind,
  group: 'authorization.k8s.io',
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  namespaced,
  versions: [{ version: 'v1' }, { version: 'v1beta1', until: 21 }],
  etcdPath: `${kind.toLowerCase()}s`,
  verbs: ['create'],
  transient: true,
});

export const reviews: readonly Resource[] = [review('LocalSubjectAccessReview', true), review('SelfSubjectAccessReview'), review('SelfSubjectRulesReview'), review('SubjectAccessReview')];
