// Policies of old for what pods may do: objects only, since the plugin that enforced them was off unless somebody turned it on.
import { allVerbs, type Resource } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { column, nameColumn } from './cells.ts';
import { policyErrors } from './pod-security-policy-checks.ts';

/** Of a feature that is alpha. Whoever names it owns it all the same. */
function dropAlphaField({ spec }: KubeObject): void {
  delete spec.allowedProcMountTypes;
}

export const podSecurityPolicy: Resource = {
  kind: 'PodSecurityPolicy',
  group: 'policy',
  plural: 'podsecuritypolicies',
  singular: 'podsecuritypolicy',
  shortNames: ['psp'],
  namespaced: false,
  versions: [{ version: 'v1beta1', until: 24 }],
  etcdPath: 'podsecuritypolicy',
  verbs: allVerbs,
  invalidAs: (version) => ({ kind: 'PodSecurityPolicy', plural: 'podsecuritypolicies', group: version.has('no-extensions-group') ? 'policy' : 'extensions' }),
  strategy: {
    generation: false,
    defaults(draft) {
      draft.spec ??= {};
      draft.spec.allowPrivilegeEscalation ??= true;
    },
    prepareForCreate: dropAlphaField,
    prepareForUpdate: dropAlphaField,
    validate: policyErrors,
    validateUpdate: policyErrors,
  },
  columns: ['Name', 'Priv', 'Caps', 'SELinux', 'RunAsUser', 'FsGroup', 'SupGroup', 'ReadOnlyRootFs', 'Volumes'].map((name, i) => (i === 0 ? nameColumn : column(name))),
  cells: ({ metadata, spec }) => [
    metadata.name,
    String(spec.privileged ?? false),
    (spec.allowedCapabilities ?? []).join(','),
    ...['seLinux', 'runAsUser', 'fsGroup', 'supplementalGroups'].map((field) => spec[field]?.rule ?? ''),
    spec.readOnlyRootFilesystem ?? false,
    (spec.volumes ?? []).join(','),
  ],
};
