// Does a pod of a node use an object? Differs from Kubernetes: looked up in the store instead of kept as a graph.
import type { KubeObject, Manifest } from '../../api/index.ts';
import type { Roles } from './resolver.ts';

interface Reference {
  kind: string;
  namespace?: string;
  name: string;
}

export function isUsedOn(roles: Roles, node: string, wanted: Reference): boolean {
  const { storage, resourceOf } = roles;
  if (wanted.kind === 'PersistentVolume') {
    const claim = storage.find(resourceOf('PersistentVolume'), undefined, wanted.name)?.spec.claimRef;
    return claim !== undefined && isUsedOn(roles, node, { kind: 'PersistentVolumeClaim', namespace: claim.namespace, name: claim.name });
  }
  const pods = storage.all(resourceOf('Pod'), wanted.namespace ?? '').filter(({ spec }) => spec.nodeName === node);
  return pods.some((pod) => (wanted.kind === 'Pod' ? pod.metadata.name === wanted.name : uses(pod, wanted)));
}

/** Mirror pods come from the node itself: what they name is no reason to show it. */
function uses(pod: KubeObject, { kind, name }: Reference): boolean {
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return false;
  return referencesOf(pod)[kind]?.includes(name) ?? false;
}

type Names = (string | undefined)[];

/** Names that a pod (or the manifest of one) mentions, by kind. */
export function referencesOf({ metadata, spec = {} }: Manifest): Record<string, Names> {
  const volumes: any[] = spec.volumes ?? [];
  const parts = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  const containers: any[] = [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
  const values = containers.flatMap(({ env = [] }) => env.map(({ valueFrom }: any) => valueFrom ?? {}));
  const whole = containers.flatMap(({ envFrom = [] }) => envFrom);
  return {
    ServiceAccount: [spec.serviceAccountName],
    Secret: [
      ...(spec.imagePullSecrets ?? []).map((one: any) => one.name),
      ...volumes.map(({ secret }) => secret?.secretName),
      ...parts.map(({ secret }) => secret?.name),
      ...values.map(({ secretKeyRef }) => secretKeyRef?.name),
      ...whole.map(({ secretRef }) => secretRef?.name),
    ],
    ConfigMap: [...volumes.map(({ configMap }) => configMap?.name), ...parts.map(({ configMap }) => configMap?.name), ...values.map(({ configMapKeyRef }) => configMapKeyRef?.name), ...whole.map(({ configMapRef }) => configMapRef?.name)],
    PersistentVolumeClaim: volumes.map((volume) => volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral && `${metadata?.name}-${volume.name}`)),
  };
}
