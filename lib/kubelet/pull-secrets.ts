// imagePullSecrets: what a pod brings to be let into a registry.
import type { Pod } from '../api/index.ts';
import type { Client } from '../client/index.ts';
import type { RegistryLogin } from '../machine/index.ts';
import { isThere, secretData } from './references.ts';

interface Entry {
  auth?: string;
  username?: string;
  password?: string;
}

/** The account for an image's registry, from the first Secret that has one. Secrets that are not there are passed over. */
export function loginFor(pod: Pod, image: string, client: Client): RegistryLogin | undefined {
  const registry = registryOf(image);
  for (const { name = '' } of pod.spec.imagePullSecrets ?? []) {
    for (const [key, entry] of Object.entries(accountsIn(secretData(client, pod, { name, optional: true })))) {
      if (hostOf(key) === registry) return loginOf(entry);
    }
  }
  return undefined;
}

/** The Secrets that the pod names and that are not there. */
export function missingPullSecrets(pod: Pod, client: Client): string[] {
  const names = (pod.spec.imagePullSecrets ?? []).map(({ name = '' }) => name);
  return names.filter((name) => name !== '' && !isThere(client, pod, 'Secret', name));
}

/** Two formats: `{"auths": {…}}` of ~/.docker/config.json, and the accounts alone of the older ~/.dockercfg. */
function accountsIn(data: Readonly<Record<string, string>>): Record<string, Entry> {
  try {
    if (data['.dockerconfigjson']) return (JSON.parse(data['.dockerconfigjson']) as { auths?: Record<string, Entry> }).auths ?? {};
    return data['.dockercfg'] ? (JSON.parse(data['.dockercfg']) as Record<string, Entry>) : {};
  } catch {
    return {};
  }
}

function loginOf({ auth, username = '', password = '' }: Entry): RegistryLogin {
  if (!auth) return { username, password };
  const [user = '', secret = ''] = atob(auth).split(/:(.*)/s, 2);
  return { username: user, password: secret };
}

/** `https://index.docker.io/v1/` is Docker Hub. */
function hostOf(key: string): string {
  const host = key.replace(/^https?:\/\//, '').replace(/\/.*$/s, '');
  return /^(index\.)?docker\.io$/.test(host) ? 'docker.io' : host;
}

function registryOf(image: string): string {
  const first = image.slice(0, Math.max(0, image.indexOf('/')));
  return /[.:]|^localhost$/.test(first) ? first : 'docker.io';
}
