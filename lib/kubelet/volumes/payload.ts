// What the files of a ConfigMap, Secret, downward API or projected volume hold.
import type { Pod, PodSpec } from '../../api/index.ts';
import { podField, resourceField } from '../downward-api.ts';
import type { EnvironmentSources } from '../environment.ts';
import { ConfigError, configMapFiles, configMapText, secretData } from '../references.ts';
import { projectedToken } from '../service-account-tokens.ts';

export type Volume = NonNullable<PodSpec['volumes']>[number];

export interface Projection {
  /** A function where the content is made when somebody reads it. */
  content: string | (() => string);
  mode: number;
}

/** Path in the volume → file. */
export type Payload = Map<string, Projection>;

interface Item {
  key: string;
  path: string;
  mode?: number;
}

/** Undefined for volumes of other kinds. */
export function payloadOf(pod: Pod, volume: Volume, sources: EnvironmentSources): Payload | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  const payload: Payload = new Map();
  if (configMap) addKeys(payload, configMapFiles(sources.client, pod, configMap), { ...configMap, unknown: 'configmap references non-existent config key' });
  else if (secret) addKeys(payload, secretData(sources.client, pod, { ...secret, name: secret.secretName }), { ...secret, unknown: 'references non-existent secret key' });
  else if (downwardAPI) addFields(payload, pod, downwardAPI, sources);
  else if (projected) addProjected(payload, pod, projected, sources);
  else return undefined;
  return payload;
}

function addKeys(payload: Payload, data: Record<string, string>, { items, defaultMode = 0o644, optional = false, unknown }: { items?: readonly Item[]; defaultMode?: number; optional?: boolean; unknown: string }): void {
  const wanted = items?.length ? items : Object.keys(data).map((key): Item => ({ key, path: key }));
  for (const { key, path, mode = defaultMode } of wanted) {
    if (data[key] !== undefined) payload.set(path, { content: data[key], mode });
    else if (!optional) throw new ConfigError(`${unknown}: ${key}`);
  }
}

function addFields(payload: Payload, pod: Pod, { items = [], defaultMode = 0o644 }: Pick<NonNullable<Volume['downwardAPI']>, 'items' | 'defaultMode'>, sources: EnvironmentSources): void {
  for (const { path, mode = defaultMode, fieldRef, resourceFieldRef } of items) {
    const content = fieldRef ? podField(pod, fieldRef.fieldPath, sources) : resourceFieldRef ? resourceField(pod, undefined, resourceFieldRef, sources) : '';
    payload.set(path, { content, mode });
  }
}

/** All sources are asked, and all their errors told. */
function addProjected(payload: Payload, pod: Pod, { sources: parts = [], defaultMode = 0o644 }: NonNullable<Volume['projected']>, sources: EnvironmentSources): void {
  const errors: string[] = [];
  for (const part of parts) {
    try {
      addPart(payload, pod, { part, defaultMode }, sources);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      errors.push(error.message);
    }
  }
  if (errors.length > 0) throw new ConfigError(errors.length > 1 ? `[${errors.join(', ')}]` : errors[0]);
}

type Part = NonNullable<NonNullable<Volume['projected']>['sources']>[number];

function addPart(payload: Payload, pod: Pod, { part, defaultMode }: { part: Part; defaultMode: number }, sources: EnvironmentSources): void {
  const { configMap, secret, downwardAPI, serviceAccountToken: token } = part;
  const { client } = sources;
  if (configMap && isRootCA(part)) {
    // Every pod mounts it and few read it: it is asked for when somebody does.
    for (const { key, path, mode = defaultMode } of configMap.items ?? []) payload.set(path, { content: () => configMapText(client, pod, { ...configMap, optional: true })?.[key] ?? '', mode });
  } else if (configMap) addKeys(payload, configMapFiles(client, pod, configMap), { ...configMap, defaultMode, unknown: 'configmap references non-existent config key' });
  if (secret) addKeys(payload, secretData(client, pod, secret), { ...secret, defaultMode, unknown: 'references non-existent secret key' });
  if (downwardAPI) addFields(payload, pod, { ...downwardAPI, defaultMode }, sources);
  if (token) {
    // Its user, or the group of the volume, is to be the only one who reads it.
    const own = pod.spec.securityContext?.fsGroup !== undefined || sameUser(pod) !== undefined;
    payload.set(token.path, { content: projectedToken(client, pod, token), mode: own ? 0o600 : defaultMode });
  }
}

/** The user that all containers run as, when there is one (pkg/volume/util: FsUserFrom). */
export function sameUser({ spec }: Pod): number | undefined {
  const users = new Set([...(spec.initContainers ?? []), ...spec.containers].map((c) => c.securityContext?.runAsUser ?? spec.securityContext?.runAsUser));
  return users.size === 1 ? [...users][0] : undefined;
}

const isRootCA = ({ configMap }: Part) => configMap?.name === 'kube-root-ca.crt';

/** False for volumes that refer to nothing that could be missing: they can wait until somebody looks. */
export function mayFail({ configMap, secret, projected, downwardAPI, hostPath, ...rest }: Volume): boolean {
  if (configMap || secret || downwardAPI || hostPath?.type) return true;
  if (projected) return projected.sources?.some((part) => part.secret || part.downwardAPI?.items?.some((i) => i.resourceFieldRef) || (part.configMap && !isRootCA(part))) ?? false;
  return !rest.emptyDir && !hostPath;
}

/** True for volumes whose files change with what they are made of. */
export function changes({ configMap, secret, downwardAPI, projected }: Volume): boolean {
  return Boolean(configMap || secret || downwardAPI || projected);
}
