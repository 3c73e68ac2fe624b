// What each type of persistent volume needs. Most types are those of a pod's volumes; their secrets lie in a namespace.
import { isDNS1123Label } from '../../names.ts';
import { noBacksteps } from './paths.ts';
import type { FieldPath, Problems } from './problems.ts';
import type { Validate } from './volume-files.ts';
import { validatePersistentISCSI } from './volume-iscsi.ts';
import { need, needs, volumeSources } from './volume-sources.ts';
import { driverName, storageos } from './volume-storage.ts';

interface SecretRef {
  name?: string;
  namespace?: string;
}

function needSecret(problems: Problems, at: FieldPath, ref: SecretRef | undefined): void {
  if (ref) need(problems, at, ref, 'name', 'namespace');
}

function local(problems: Problems, at: FieldPath, { path }: { path?: string }): void {
  if (!path) problems.required(at.child('path'));
  else noBacksteps(problems, at.child('path'), path);
}

function glusterfs(problems: Problems, at: FieldPath, source: { endpointsNamespace?: string }): void {
  need(problems, at, source, 'endpoints', 'path');
  const { endpointsNamespace: namespace } = source;
  if (namespace === '') problems.invalid(at.child('endpointsNamespace'), namespace, 'if the endpointnamespace is set, it must be a valid namespace name');
  else if (namespace) problems.each(at.child('endpointsNamespace'), namespace, isDNS1123Label(namespace));
}

/** Names in the secrets of CSI volumes are reported without the field that holds them, in Kubernetes too. */
function csi(problems: Problems, at: FieldPath, source: Record<string, any>): void {
  driverName(problems, at.child('driver'), source.driver ?? '');
  need(problems, at, source, 'volumeHandle');
  for (const field of ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef']) {
    const ref: SecretRef | undefined = source[field];
    if (!ref) continue;
    const path = at.child(field === 'nodePublishSecretRef' ? 'nodePublishSecretRef ' : field);
    for (const part of ['name', 'namespace'] as const) {
      if (!ref[part]) problems.required(path.child(part));
      else problems.each(at.child(part), ref[part], isDNS1123Label(ref[part]));
    }
  }
}

const own: Record<string, Validate> = {
  glusterfs,
  iscsi: validatePersistentISCSI,
  cinder: (problems, at, source) => (need(problems, at, source, 'volumeID'), needSecret(problems, at.child('secretRef'), source.secretRef)),
  azureFile: (problems, at, source) => (need(problems, at, source, 'secretName', 'shareName'), source.secretNamespace === '' && problems.required(at.child('secretNamespace'))),
  scaleIO: needs('gateway', 'system', 'volumeName'),
  local,
  storageos: (problems, at, source) => (storageos(problems, at, { ...source, secretRef: undefined }), needSecret(problems, at.child('secretRef'), source.secretRef)),
  csi,
};

/** The fields of a volume's spec that say what it is made of, in the order of validation. */
export const persistentSources = 'hostPath gcePersistentDisk awsElasticBlockStore glusterfs flocker nfs rbd quobyte cephfs iscsi cinder fc flexVolume azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk scaleIO local storageos csi'.split(' ');

const rows = persistentSources.map((field) => {
  const shared = volumeSources.find((source) => source.field === field);
  return { field, validate: own[field] ?? shared!.validate, path: shared?.path ?? field, forbidden: shared?.forbidden ?? field };
});

/** The first source is checked, others are forbidden (but flexVolume, which Kubernetes forgets). */
export function validatePersistentSource(problems: Problems, at: FieldPath, spec: Record<string, any>, name: string): void {
  let count = 0;
  for (const { field, validate, path, forbidden } of rows) {
    if (!spec[field]) continue;
    if (count++ > 0 && field !== 'flexVolume') problems.forbidden(at.child(forbidden), 'may not specify more than 1 volume type');
    else validate(problems, at.child(path), field === 'iscsi' ? { ...spec[field], name } : spec[field]);
    if (field === 'local' && count === 1 && !spec.nodeAffinity) problems.required(at.child('nodeAffinity'), 'Local volume requires node affinity');
  }
  if (count === 0) problems.required(at, 'must specify a volume type');
}
