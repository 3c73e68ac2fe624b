// Bootstrap tokens (pkg/controller/bootstrap): expired ones are removed, and those that may sign sign `cluster-info`, so
// that a machine that knows a token can tell the real cluster from an impostor.
import { bootstrapTokenOf, bootstrapTokenType, type ConfigMap, detachedSignature, isConflict, isNotFound, type Secret } from '../api/index.ts';
import type { CacheEvent, Client, Controller } from '../client/index.ts';
import { forMapped } from '../client/index.ts';
import { deleteExact } from './shared/not-found.ts';

const namespace = 'kube-system';
const clusterInfo = { namespace: 'kube-public', name: 'cluster-info' };
const signatureKey = 'jws-kubeconfig-';

const isToken = ({ type, metadata }: Secret) => type === bootstrapTokenType && metadata.namespace === namespace;

/** Removes tokens that have expired. */
export function tokenCleaner(client: Client): Controller {
  return {
    name: 'tokencleaner',
    watches: [forMapped('Secret', ({ type, object }: CacheEvent<Secret>) => (type !== 'DELETED' && isToken(object) ? [{ namespace, name: object.metadata.name }] : []))],
    reconcile(key) {
      const secret = client.find('Secret', key);
      const token = secret && bootstrapTokenOf(secret, client.clock.now);
      if (!token) return;
      if (token.expired) deleteExact(client, secret);
      else if (token.remaining > 0) return { requeueAfter: token.remaining };
    },
  };
}

/** Keeps one signature of the kubeconfig in `cluster-info` for each token that signs. */
export function bootstrapSigner(client: Client): Controller {
  const secrets = client.cache('Secret');
  return {
    name: 'bootstrapsigner',
    watches: [
      forMapped('ConfigMap', ({ type, object: { metadata } }: CacheEvent<ConfigMap>) => (type !== 'DELETED' && metadata.name === clusterInfo.name && metadata.namespace === clusterInfo.namespace ? [clusterInfo] : [])),
      forMapped('Secret', ({ object }: CacheEvent<Secret>) => (isToken(object) ? [clusterInfo] : [])),
    ],
    reconcile() {
      const info = client.find('ConfigMap', clusterInfo);
      const content = info?.data?.['kubeconfig'];
      if (content === undefined) return;
      const signatures = Object.fromEntries([...secrets.inNamespace(namespace)].flatMap((secret) => signatureOf(secret, content, client.clock.now)));
      const rest = Object.entries(info!.data!).filter(([key]) => !key.startsWith(signatureKey));
      const data = { ...Object.fromEntries(rest), ...signatures };
      if (!sameData(data, info!.data!)) write(client, { ...info!, data });
    },
  };
}

function signatureOf(secret: Secret, content: string, now: number): [key: string, signature: string][] {
  const token = bootstrapTokenOf(secret, now);
  if (!token?.signs || token.expired || !token.secret || secret.metadata.name !== `bootstrap-token-${token.id}`) return [];
  return [[signatureKey + token.id, detachedSignature(content, token)]];
}

function sameData(a: Record<string, string>, b: Record<string, string>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function write(client: Client, info: ConfigMap): void {
  try {
    client.update(info);
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
