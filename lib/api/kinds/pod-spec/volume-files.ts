// Volumes made of files: keys of secrets and config maps, fields of the pod, tokens.
import { localNonReservedPath } from './paths.ts';
import type { FieldPath, Problems } from './problems.ts';
import { type FieldRef, type ResourceFieldRef, validateFieldRef, validateResourceFieldRef } from './validate-env.ts';

export type Validate = (problems: Problems, at: FieldPath, source: any) => void;

function fileMode(problems: Problems, at: FieldPath, mode: number | undefined): void {
  if (mode !== undefined && (mode > 0o777 || mode < 0)) problems.invalid(at, mode, 'must be a number between 0 and 0777 (octal), both inclusive');
}

interface KeyToPath {
  key?: string;
  path?: string;
  mode?: number;
}

function keyToPath(problems: Problems, at: FieldPath, { key, path = '', mode }: KeyToPath): void {
  if (!key) problems.required(at.child('key'));
  if (!path) problems.required(at.child('path'));
  localNonReservedPath(problems, at.child('path'), path);
  fileMode(problems, at.child('mode'), mode);
}

/** Secrets and config maps name their object differently. */
export const keyed = (nameField: 'secretName' | 'name'): Validate => (problems, at, source) => {
  if (!source[nameField]) problems.required(at.child(nameField));
  fileMode(problems, at.child('defaultMode'), source.defaultMode);
  source.items?.forEach((item: KeyToPath, i: number) => keyToPath(problems, at.child('items').index(i), item));
};

interface DownwardFile {
  path?: string;
  mode?: number;
  fieldRef?: FieldRef;
  resourceFieldRef?: ResourceFieldRef;
}
const fileFieldPaths = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

function downwardFile(problems: Problems, at: FieldPath, { path = '', mode, fieldRef, resourceFieldRef }: DownwardFile): void {
  if (!path) problems.required(at.child('path'));
  localNonReservedPath(problems, at.child('path'), path);
  if (fieldRef) {
    validateFieldRef(problems, at.child('fieldRef'), fieldRef, fileFieldPaths);
    if (resourceFieldRef) problems.invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
  } else if (resourceFieldRef) validateResourceFieldRef(problems, at.child('resourceFieldRef'), resourceFieldRef, true);
  else problems.required(at, 'one of fieldRef and resourceFieldRef is required');
  fileMode(problems, at.child('mode'), mode);
}

/** Errors of a file carry the path of the volume, in Kubernetes too. */
export function downwardAPI(problems: Problems, at: FieldPath, { defaultMode, items }: { defaultMode?: number; items?: DownwardFile[] }): void {
  fileMode(problems, at.child('defaultMode'), defaultMode);
  for (const file of items ?? []) downwardFile(problems, at, file);
}

/** Two files of a projected volume may not have the same path; what the error names differs by source. */
function claimPath(problems: Problems, at: FieldPath, paths: Set<string>, path: string | undefined, named: string): void {
  if (!path) return;
  if (paths.has(path)) problems.invalid(at, named, 'conflicting duplicate paths');
  paths.add(path);
}

function projectedKeys(problems: Problems, at: FieldPath, volume: FieldPath, source: { name?: string; items?: KeyToPath[] }, paths: Set<string>): void {
  if (!source.name) problems.required(at.child('name'));
  const { items } = source;
  for (let i = 0; i < (items?.length ?? 0); i++) {
    keyToPath(problems, at.child('items').index(i), items![i]!);
    claimPath(problems, volume, paths, items![i]!.path, source.name ?? '');
  }
}

function projectedSource(problems: Problems, at: FieldPath, path: FieldPath, source: any, paths: Set<string>): void {
  const { secret, configMap, downwardAPI: files, serviceAccountToken: token } = source;
  if (secret) projectedKeys(problems, path.child('secret'), at, secret, paths);
  if (configMap) projectedKeys(problems, path.child('configMap'), at, configMap, paths);
  for (const file of files?.items ?? []) {
    downwardFile(problems, path.child('downwardAPI'), file);
    claimPath(problems, at, paths, file.path, file.path);
  }
  if (token) serviceAccountToken(problems, at, path.child('serviceAccountToken'), token);
  if (+!!secret + +!!configMap + +!!files + +!!token > 1) problems.forbidden(path, 'may not specify more than 1 volume type');
}

function serviceAccountToken(problems: Problems, volume: FieldPath, at: FieldPath, { expirationSeconds = 3600, path }: { expirationSeconds?: number; path?: string }): void {
  if (expirationSeconds < 600) problems.invalid(at.child('expirationSeconds'), expirationSeconds, 'may not specify a duration less than 10 minutes');
  if (expirationSeconds > 2 ** 32) problems.invalid(at.child('expirationSeconds'), expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
  // Kubernetes names the volume's path here, not the source's.
  if (!path) problems.required(volume.child('path'));
}

export function projected(problems: Problems, at: FieldPath, { defaultMode, sources }: { defaultMode?: number; sources?: unknown[] }): void {
  fileMode(problems, at.child('defaultMode'), defaultMode);
  const paths = new Set<string>();
  const list = at.child('sources');
  for (let i = 0; i < (sources?.length ?? 0); i++) projectedSource(problems, at, list.index(i), sources![i], paths);
}

