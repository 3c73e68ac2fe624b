// Where containers mount volumes.
import type { Container, Volume } from 'kubernetes-types/core/v1';
import { hasBacksteps, localPath } from './paths.ts';
import type { FieldPath, Problems } from './problems.ts';

type Mount = NonNullable<Container['volumeMounts']>[number];
export type Volumes = ReadonlyMap<string, Volume>;
const propagations = ['Bidirectional', 'HostToContainer', 'None'];

function validatePropagation(problems: Problems, at: FieldPath, propagation: string, container: Container): void {
  if (!propagations.includes(propagation)) problems.notSupported(at, propagation, propagations);
  if (propagation === 'Bidirectional' && !container.securityContext?.privileged) problems.forbidden(at, 'Bidirectional mount propagation is available only to privileged containers');
}

/** Paths of subPath, subPathExpr and mountPropagation lack the index of the mount, in Kubernetes too. */
function validateMount(problems: Problems, at: FieldPath, path: FieldPath, mount: Mount, container: Container): void {
  const { name, mountPath, subPath, subPathExpr, mountPropagation } = mount;
  for (const device of container.volumeDevices ?? []) if (device.name === name) problems.invalid(path.child('name'), name, 'must not already exist in volumeDevices');
  if (container.volumeDevices?.some(({ devicePath }) => devicePath === mountPath)) problems.invalid(path.child('mountPath'), mountPath, 'must not already exist as a path in volumeDevices');
  if (subPath) localPath(problems, at.child('subPath'), subPath);
  if (subPathExpr) {
    if (subPath) problems.invalid(path.child('subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive');
    localPath(problems, at.child('subPathExpr'), subPathExpr);
  }
  if (mountPropagation !== undefined) validatePropagation(problems, at.child('mountPropagation'), mountPropagation, container);
}

export function validateMounts(problems: Problems, at: FieldPath, container: Container, volumes: Volumes): void {
  const mounts = container.volumeMounts!;
  for (let i = 0; i < mounts.length; i++) {
    const mount = mounts[i]!;
    const path = at.index(i);
    if (!mount.name) problems.required(path.child('name'));
    if (!volumes.has(mount.name ?? '')) problems.notFound(path.child('name'), mount.name ?? '');
    if (!mount.mountPath) problems.required(path.child('mountPath'));
    for (let j = 0; j < i; j++) {
      if (mounts[j]!.mountPath !== mount.mountPath) continue;
      problems.invalid(path.child('mountPath'), mount.mountPath, 'must be unique');
      break;
    }
    validateMount(problems, at, path, mount, container);
  }
}

/** Block devices: volumes of claims, each at a path of its own. */
export function validateDevices(problems: Problems, at: FieldPath, container: Container, volumes: Volumes): void {
  const [names, paths] = [new Set<string>(), new Set<string>()];
  container.volumeDevices!.forEach(({ name = '', devicePath = '' }, i) => {
    const path = at.index(i);
    const volume = volumes.get(name);
    const isClaim = volume?.persistentVolumeClaim || (volume?.ephemeral && problems.version.has('generic-ephemeral-volumes'));
    if (!name) problems.required(path.child('name'));
    if (names.has(name)) problems.invalid(path.child('name'), name, 'must be unique');
    if (volume && !isClaim) problems.invalid(path.child('name'), name, deviceSource(problems));
    if (!volume) problems.notFound(path.child('name'), name);
    if (!devicePath) problems.required(path.child('devicePath'));
    if (paths.has(devicePath)) problems.invalid(path.child('devicePath'), devicePath, 'must be unique');
    if (devicePath && hasBacksteps(devicePath)) problems.invalid(path.child('devicePath'), devicePath, "can not contain backsteps ('..')");
    else paths.add(devicePath);
    if (container.volumeMounts?.some((mount) => mount.name === name)) problems.invalid(path.child('name'), name, 'must not already exist in volumeMounts');
    if (container.volumeMounts?.some(({ mountPath }) => mountPath === devicePath)) problems.invalid(path.child('devicePath'), devicePath, 'must not already exist as a path in volumeMounts');
    if (name) names.add(name);
  });
}

const deviceSource = ({ version }: Problems) =>
  version.has('generic-ephemeral-volumes')
    ? 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'
    : 'can only use volume source type of PersistentVolumeClaim for block mode';
