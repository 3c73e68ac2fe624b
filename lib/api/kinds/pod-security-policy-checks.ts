// What a PodSecurityPolicy may say (pkg/apis/policy/validation of v1.20).
import { duplicate, type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { isDNS1123Subdomain } from '../names.ts';
import type { KubeObject } from '../types.ts';
import { invalidAll, invalidList } from './checks.ts';
import { driverNameErrors } from './csi.ts';

interface IDRange {
  min?: number;
  max?: number;
}

const strategies: Record<string, readonly string[]> = {
  runAsUser: ['MustRunAs', 'MustRunAsNonRoot', 'RunAsAny'],
  seLinux: ['MustRunAs', 'RunAsAny'],
  supplementalGroups: ['MayRunAs', 'MustRunAs', 'RunAsAny'],
  fsGroup: ['MayRunAs', 'MustRunAs', 'RunAsAny'],
};
const groupRules = ['MustRunAs', 'RunAsAny', 'MayRunAs'];

const volumeTypes = '* awsElasticBlockStore azureDisk azureFile cephFS cinder configMap csi downwardAPI emptyDir ephemeral fc flexVolume flocker gcePersistentDisk gitRepo glusterfs hostPath iscsi nfs persistentVolumeClaim photonPersistentDisk portworxVolume projected quobyte rbd scaleIO secret storageos vsphereVolume'.split(' ');

const sysctlPattern = '([a-z0-9]([-_a-z0-9]*[a-z0-9])?\\.)*([a-z0-9][-_a-z0-9]*)?[a-z0-9*]';
const isSysctlPattern = (name: string) => name.length <= 253 && new RegExp(`^${sysctlPattern}$`).test(name);

function rangeErrors(at: string, ranges: readonly IDRange[]): FieldError[] {
  return ranges.flatMap(({ min = 0, max = 0 }, i) => [
    ...(min < 0 ? [invalid(`${at}[${i}].min`, min, 'min cannot be negative')] : []),
    ...(max < 0 ? [invalid(`${at}[${i}].max`, max, 'max cannot be negative')] : []),
    ...(min > max ? [invalid(`${at}[${i}].min`, min, 'min cannot be greater than max')] : []),
  ]);
}

function strategyErrors(field: string, { rule = '', ranges = [] }: { rule?: string; ranges?: IDRange[] } = {}): FieldError[] {
  const wrong = strategies[field]!.includes(rule) ? [] : [notSupported(`spec.${field}.rule`, rule, strategies[field]!)];
  return field === 'seLinux' ? wrong : [...wrong, ...rangeErrors(`spec.${field}.ranges`, ranges)];
}

function groupErrors({ rule = '', ranges = [] }: { rule?: string; ranges?: IDRange[] }): FieldError[] {
  if (!groupRules.includes(rule)) return [notSupported('spec.runAsGroup.rule', rule, groupRules)];
  if (rule === 'RunAsAny') return ranges.length > 0 ? [invalid('spec.runAsGroup.ranges', ranges, 'Ranges must be empty')] : [];
  return ranges.length > 0 ? rangeErrors('spec.runAsGroup.ranges', ranges) : [invalid('spec.runAsGroup.ranges', ranges, 'must provide at least one range')];
}

function capabilityErrors({ requiredDropCapabilities: drops = [], allowedCapabilities = [], defaultAddCapabilities = [] }: Record<string, string[]>): FieldError[] {
  const listed = (field: string, names: readonly string[]) => names.filter((name) => drops.includes(name)).map((name) => invalid(field, name, `capability is listed in ${field} and requiredDropCapabilities`));
  const everything = drops.length > 0 && allowedCapabilities.includes('*') ? [invalid('requiredDropCapabilities', drops, 'must be empty when all capabilities are allowed by a wildcard')] : [];
  return [...everything, ...listed('defaultAddCapabilities', defaultAddCapabilities), ...listed('allowedCapabilities', allowedCapabilities)];
}

function hostPathErrors(paths: readonly { pathPrefix?: string }[]): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, { pathPrefix = '' }] of paths.entries()) {
    if (pathPrefix === '') return [...errors, required(`spec.allowedHostPaths[${i}]`, 'is required')];
    if (pathPrefix.split('/').includes('..')) errors.push(invalid(`spec.allowedHostPaths[${i}]`, pathPrefix, "must not contain '..'"));
  }
  return errors;
}

function sysctlErrors(at: string, names: readonly string[]): FieldError[] {
  const errors = names.flatMap((name, i) => {
    if (name === '') return [invalid(`${at}[${i}]`, name, 'empty sysctl not allowed')];
    return isSysctlPattern(name) ? [] : [invalid(`${at}[${i}]`, name, `must have at most 253 characters and match regex ${sysctlPattern}`)];
  });
  if (names.length > 1 && names.some((name) => name[0] === '*' && isSysctlPattern(name))) errors.push(forbiddenField(`${at}.items`, "if '*' is present, must not specify other sysctls"));
  return errors;
}

/** A sysctl is allowed or forbidden; with `*` at its end a name stands for all that begin so. */
function overlapErrors(allowed: readonly string[], forbidden: readonly string[]): FieldError[] {
  const covers = (pattern: string, name: string) => pattern.endsWith('*') && name.replace(/\*$/, '').startsWith(pattern.slice(0, -1));
  return allowed.flatMap((yes, i) =>
    forbidden.flatMap((no, j) => {
      if (yes === no || covers(no, yes)) return [invalid(`spec.allowedUnsafeSysctls[${i}]`, yes, `sysctl overlaps with ${no}`)];
      return covers(yes, no) ? [invalid(`spec.forbiddenSysctls[${j}]`, no, `sysctl overlaps with ${yes}`)] : [];
    }),
  );
}

function runtimeClassErrors({ allowedRuntimeClassNames, defaultRuntimeClassName: first }: { allowedRuntimeClassNames?: string[] | null; defaultRuntimeClassName?: string }): FieldError[] {
  const names = allowedRuntimeClassNames ?? [];
  const at = 'spec.runtimeClass.allowedRuntimeClassNames';
  const errors = names.flatMap((name, i) => [...(name === '*' ? [] : invalidAll(`${at}[${i}]`, name, isDNS1123Subdomain(name))), ...(names.indexOf(name) < i ? [duplicate(`${at}[${i}]`, name)] : [])]);
  if (first !== undefined) errors.push(...invalidAll('spec.runtimeClass.defaultRuntimeClassName', first, isDNS1123Subdomain(first)));
  if (first !== undefined && !names.includes(first) && !names.includes('*')) errors.push(required(at, `default ${JSON.stringify(first)} must be allowed`));
  if (names.includes('*') && names.length > 1) errors.push(invalidList(at, names, "if '*' is present, must not specify other RuntimeClass names"));
  return errors;
}

/** Differs from Kubernetes: annotations of AppArmor and seccomp are taken as they are. */
export function policyErrors({ spec }: KubeObject): FieldError[] {
  const { volumes = [], defaultAllowPrivilegeEscalation, allowPrivilegeEscalation, allowedUnsafeSysctls: allowed = [], forbiddenSysctls: forbidden = [] } = spec;
  const errors = strategyErrors('runAsUser', spec.runAsUser);
  if (spec.runAsGroup) errors.push(...groupErrors(spec.runAsGroup));
  for (const field of ['seLinux', 'supplementalGroups', 'fsGroup']) errors.push(...strategyErrors(field, spec[field]));
  for (const name of volumes) if (!volumeTypes.includes(name)) errors.push(notSupported('spec.volumes', name, volumeTypes));
  errors.push(...capabilityErrors(spec));
  if (defaultAllowPrivilegeEscalation && !allowPrivilegeEscalation) errors.push(invalid('spec.defaultAllowPrivilegeEscalation', true, 'Cannot set DefaultAllowPrivilegeEscalation to true without also setting AllowPrivilegeEscalation to true'));
  errors.push(...hostPathErrors(spec.allowedHostPaths ?? []));
  for (const [i, { driver }] of (spec.allowedFlexVolumes ?? []).entries()) if (!driver) errors.push(required(`spec.allowedFlexVolumes.allowedFlexVolumes[${i}].driver`, 'must specify a driver'));
  for (const [i, { name = '' }] of (spec.allowedCSIDrivers ?? []).entries()) errors.push(...driverNameErrors(`spec.allowedCSIDrivers.allowedCSIDriver[${i}].name`, name));
  errors.push(...sysctlErrors('spec.allowedUnsafeSysctls', allowed), ...sysctlErrors('spec.forbiddenSysctls', forbidden), ...overlapErrors(allowed, forbidden));
  if (spec.runtimeClass) errors.push(...runtimeClassErrors(spec.runtimeClass));
  return errors;
}
