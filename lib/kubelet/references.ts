// ConfigMaps and Secrets that a pod names: what is missing is an error, unless it is optional.
import { isNotFound, type KubeObject, type Pod } from '../api/index.ts';
import type { Client } from '../client/index.ts';
import { textOf } from '../machine/index.ts';

/** Why a container cannot be configured or a volume not mounted. */
export class ConfigError extends Error {}

interface Reference {
  name?: string;
  optional?: boolean;
}

type Data = Record<string, string>;

/** The text of a ConfigMap; `binaryData` is for files only. */
export const configMapText = (client: Client, pod: Pod, reference: Reference): Data | undefined => find(client, 'ConfigMap', pod, reference)?.['data'] as Data | undefined;

/** All of a ConfigMap as the content of files. */
export function configMapFiles(client: Client, pod: Pod, reference: Reference): Data {
  const found = find(client, 'ConfigMap', pod, reference);
  return { ...(found?.['data'] as Data | undefined), ...decoded(found?.['binaryData'] as Data | undefined) };
}

export const secretData = (client: Client, pod: Pod, reference: Reference): Data => decoded(find(client, 'Secret', pod, reference)?.['data'] as Data | undefined);

export const isThere = (client: Client, pod: Pod, kind: string, name: string): boolean => find(client, kind, pod, { name, optional: true }) !== undefined;

function find(client: Client, kind: string, pod: Pod, { name = '', optional = false }: Reference): KubeObject | undefined {
  try {
    return client.get(kind, { namespace: pod.metadata.namespace, name });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (optional) return undefined;
    throw new ConfigError(`${kind.toLowerCase()} ${JSON.stringify(name)} not found`);
  }
}

function decoded(data: Data = {}): Data {
  const out: Data = {};
  for (const key in data) out[key] = textOf(Uint8Array.from(atob(data[key]!), (c) => c.charCodeAt(0)));
  return out;
}
