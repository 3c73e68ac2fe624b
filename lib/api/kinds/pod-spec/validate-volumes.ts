// Volumes of a pod.
import type { Volume } from 'kubernetes-types/core/v1';
import { isDNS1123Label, isDNS1123Subdomain } from '../../names.ts';
import type { Version } from '../../version.ts';
import type { FieldPath, Problems } from './problems.ts';
import { type VolumeSource, volumeSources } from './volume-sources.ts';
import type { Volumes } from './validate-mounts.ts';

const oneType = 'may not specify more than 1 volume type';
const none: Volumes = new Map();

const byField = new Map(volumeSources.map((source) => [source.field as string, source]));

/** The one source of a volume; undefined when there is none or more than one. */
function onlySource(volume: Volume): VolumeSource | undefined {
  let found: VolumeSource | undefined;
  for (const key in volume) {
    if (key === 'name' || !volume[key as keyof Volume]) continue;
    if (found) return undefined;
    found = byField.get(key);
  }
  return found;
}

/** Sources that many pods share, and the release at which they were found to be good. */
const good = new WeakMap<object, Version>();

function validateOnly(problems: Problems, at: FieldPath, source: VolumeSource, value: object): void {
  if (good.get(value) === problems.version) return;
  const before = problems.list.length;
  source.validate(problems, at.child(source.path ?? source.field), value);
  if (problems.list.length === before && Object.isFrozen(value)) good.set(value, problems.version);
}

/** `podName` is '' where the pod's name is not known: in a template. */
function validateSource(problems: Problems, at: FieldPath, volume: Volume, podName: string): void {
  const only = onlySource(volume);
  if (only) validateOnly(problems, at, only, volume[only.field] as object);
  else validateSeveral(problems, at, volume);
  if (volume.iscsi) checkInitiator(problems, at, volume);
  if (only?.field === 'ephemeral') checkClaimName(problems, at, volume.name, podName);
}

/** The first of them, in Kubernetes' order, is checked, the others are forbidden. */
function validateSeveral(problems: Problems, at: FieldPath, volume: Volume): void {
  let count = 0;
  for (const { field, validate, path = field, forbidden = field } of volumeSources) {
    const source = volume[field];
    if (!source) continue;
    if (count++ > 0) problems.forbidden(at.child(forbidden), oneType);
    else validate(problems, at.child(path), source);
  }
  if (count === 0) problems.required(at, 'must specify a volume type');
}

function checkInitiator(problems: Problems, at: FieldPath, { name, iscsi }: Volume): void {
  if (iscsi?.initiatorName === undefined || `${name}:${iscsi.targetPortal}`.length <= 64) return;
  problems.invalid(at.child('name'), name, 'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.');
}

function checkClaimName(problems: Problems, at: FieldPath, name: string, podName: string): void {
  if (!podName || !name) return;
  const claim = `${podName}-${name}`;
  for (const message of isDNS1123Subdomain(claim)) problems.invalid(at.child('name'), name, `PVC name ${JSON.stringify(claim)}: ${message}`);
}

/** Returns the valid volumes by name: containers may mount only those. */
export function validateVolumes(problems: Problems, at: FieldPath, volumes: readonly Volume[] | undefined, podName: string): Volumes {
  if (!volumes || volumes.length === 0) return none;
  const valid = new Map<string, Volume>();
  const created = podName ? new Set(volumes.filter(({ ephemeral }) => ephemeral).map(({ name }) => `${podName}-${name}`)) : undefined;
  for (let i = 0; i < volumes.length; i++) {
    const volume = volumes[i]!;
    const before = problems.list.length;
    const path = at.index(i);
    validateSource(problems, path, volume, podName);
    if (!volume.name) problems.required(path.child('name'));
    else problems.each(path.child('name'), volume.name, isDNS1123Label(volume.name));
    if (valid.has(volume.name)) problems.duplicate(path.child('name'), volume.name);
    if (problems.list.length === before) valid.set(volume.name, volume);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim && created?.has(claim)) problems.invalid(path.child('persistentVolumeClaim').child('claimName'), claim, 'must not reference a PVC that gets created for an ephemeral volume');
  }
  return valid;
}
