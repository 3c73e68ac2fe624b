import { freeze, isPathSegment, type KubeObject, StatusError } from '../../api/index.ts';
import type { Admission, Attributes } from './index.ts';
import { refuse } from './refuse.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/** A short-lived token, with the cluster's CA and the namespace beside it: the same for every pod, and shared by all. */
const boundToken = freeze({
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
  ],
  defaultMode: 0o644,
});

/** Every pod runs as a service account, and its containers find a token of it in a well-known place. */
export const serviceAccount: Admission = {
  name: 'ServiceAccount',
  kinds: ['Pod'],
  admit(attributes) {
    const { operation, request, object, parts } = attributes;
    if (operation !== 'CREATE' || request.resource.kind !== 'Pod' || request.subresource) return;
    const { spec, metadata } = object!;
    if (metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return;
    spec.serviceAccountName ||= 'default';
    spec.serviceAccount = spec.serviceAccountName;
    const account = parts.find('ServiceAccount', { namespace: metadata.namespace, name: spec.serviceAccountName });
    if (!account) {
      const where = `${metadata.namespace}/${spec.serviceAccountName}`;
      const illegal = isPathSegment(spec.serviceAccountName);
      const why = illegal.length > 0 ? `invalid resource name ${JSON.stringify(spec.serviceAccountName)}: [${illegal.join(' ')}]` : `serviceaccount "${spec.serviceAccountName}" not found`;
      throw refuse(attributes, `error looking up service account ${where}: ${why}`);
    }
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(attributes, account);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length > 0) spec.imagePullSecrets = account.imagePullSecrets.map((s: object) => ({ ...s }));
  },
};

function mountToken({ object, parts }: Attributes, account: KubeObject): void {
  const { spec } = object!;
  const volumes: { name: string }[] = spec.volumes ?? [];
  const volume = parts.version.has('bound-service-account-token-volume') ? boundTokenVolume(volumes, parts) : secretToken(volumes, account, parts);
  let mounted = false;
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    const mounts: { mountPath: string }[] = container.volumeMounts ?? [];
    if (mounts.some((m) => m.mountPath === mountPath)) continue;
    container.volumeMounts = [...mounts, { name: volume.name, readOnly: true, mountPath }];
    mounted = true;
  }
  if (mounted && !volumes.includes(volume)) spec.volumes = [...volumes, volume];
}

function boundTokenVolume(volumes: { name: string }[], parts: Attributes['parts']): { name: string } {
  const present = volumes.find((v) => v.name.startsWith('kube-api-access-'));
  return present ?? ({ name: `kube-api-access-${parts.random.suffix()}`, projected: boundToken } as { name: string });
}

/** The token secret that the token controller made for the account. */
function secretToken(volumes: { name: string }[], account: KubeObject, parts: Attributes['parts']): { name: string } {
  const { namespace, name } = account.metadata;
  const secret = (account.secrets ?? []).map((s: { name: string }) => parts.find('Secret', { namespace, name: s.name })).find((s: KubeObject | undefined) => s?.type === 'kubernetes.io/service-account-token');
  if (!secret) {
    const message = `No API token found for service account "${name}", retry after the token is automatically created and added to the service account`;
    throw new StatusError('ServerTimeout', 500, message, { name: 'create pod', kind: 'serviceaccounts', retryAfterSeconds: 1 });
  }
  const secretName: string = secret.metadata.name;
  const present = volumes.find((v) => (v as { secret?: { secretName?: string } }).secret?.secretName === secretName);
  return present ?? ({ name: secretName.replaceAll('.', '-'), secret: { secretName, defaultMode: 0o644 } } as { name: string });
}
