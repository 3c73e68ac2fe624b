// Policies of old for what pods may do: objects only, since the plugin that enforced them was off unless somebody turned it on.
import { type FieldError, invalid, notSupported } from '../field-error.ts';
import { allVerbs, type Resource } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { column, nameColumn } from './cells.ts';

const rules: Record<string, readonly string[]> = {
  runAsUser: ['MustRunAs', 'MustRunAsNonRoot', 'RunAsAny'],
  seLinux: ['MustRunAs', 'RunAsAny'],
  supplementalGroups: ['MayRunAs', 'MustRunAs', 'RunAsAny'],
  fsGroup: ['MayRunAs', 'MustRunAs', 'RunAsAny'],
};

const volumeTypes = '* awsElasticBlockStore azureDisk azureFile cephFS cinder configMap csi downwardAPI emptyDir ephemeral fc flexVolume flocker gcePersistentDisk gitRepo glusterfs hostPath iscsi nfs persistentVolumeClaim photonPersistentDisk portworxVolume projected quobyte rbd scaleIO secret storageos vsphereVolume'.split(' ');

function rangeErrors(at: string, { min = 0, max = 0 }: { min?: number; max?: number }): FieldError[] {
  return [
    ...(min < 0 ? [invalid(`${at}.min`, min, 'min cannot be negative')] : []),
    ...(max < 0 ? [invalid(`${at}.max`, max, 'max cannot be negative')] : []),
    ...(min > max ? [invalid(`${at}.min`, min, 'min cannot be greater than max')] : []),
  ];
}

function ruleErrors(field: string, { rule = '', ranges = [] }: { rule?: string; ranges?: object[] } = {}): FieldError[] {
  const wrong = rules[field]!.includes(rule) ? [] : [notSupported(`spec.${field}.rule`, rule, rules[field]!)];
  return [...wrong, ...ranges.flatMap((range, i) => rangeErrors(`spec.${field}.ranges[${i}]`, range))];
}

function dropErrors({ requiredDropCapabilities: drops = [], allowedCapabilities = [], defaultAddCapabilities = [] }: Record<string, string[]>): FieldError[] {
  const listed = (field: string, names: readonly string[]) => names.filter((name) => drops.includes(name)).map((name) => invalid(field, name, `capability is listed in ${field} and requiredDropCapabilities`));
  return [...listed('defaultAddCapabilities', defaultAddCapabilities), ...listed('allowedCapabilities', allowedCapabilities)];
}

/** Differs from Kubernetes: allowed host paths, drivers, sysctls and run time classes are taken as they are. */
function validate({ spec }: KubeObject): FieldError[] {
  const { volumes = [], defaultAllowPrivilegeEscalation, allowPrivilegeEscalation } = spec;
  const errors = Object.keys(rules).flatMap((field) => ruleErrors(field, spec[field]));
  for (const name of volumes) if (!volumeTypes.includes(name)) errors.push(notSupported('spec.volumes', name, volumeTypes));
  errors.push(...dropErrors(spec));
  if (defaultAllowPrivilegeEscalation && !allowPrivilegeEscalation) errors.push(invalid('spec.defaultAllowPrivilegeEscalation', true, 'Cannot set DefaultAllowPrivilegeEscalation to true without also setting AllowPrivilegeEscalation to true'));
  return errors;
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
  strategy: {
    generation: false,
    defaults(draft) {
      draft.spec ??= {};
      draft.spec.allowPrivilegeEscalation ??= true;
    },
    validate,
    validateUpdate: validate,
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
