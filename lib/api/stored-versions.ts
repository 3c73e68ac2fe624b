// In which version a kind lies in etcd, as discovery tells it (apiserver, pkg/endpoints/discovery/storageversionhash.go).
import { sha256 } from '../sim/index.ts';
import { groupVersionOf } from './conversion.ts';
import { servedVersions } from './kinds/index.ts';
import type { Resource } from './resource.ts';
import type { Version } from './version.ts';

/** How kinds were stored up to v1.20, where that is not how they are stored now. Differs from Kubernetes: objects lie here as now. */
const until20 = new Map(
  `apiregistration.k8s.io/v1beta1 APIService
autoscaling/v1 HorizontalPodAutoscaler
certificates.k8s.io/v1beta1 CertificateSigningRequest
networking.k8s.io/v1beta1 IngressClass
networking.k8s.io/v1beta1 Ingress
storage.k8s.io/v1beta1 CSIDriver
admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration
admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration
apiextensions.k8s.io/v1beta1 CustomResourceDefinition
coordination.k8s.io/v1beta1 Lease
node.k8s.io/v1beta1 RuntimeClass`
    .split('\n')
    .map((row) => row.split(' ').reverse() as [kind: string, apiVersion: string]),
);

/** Tells whether a kind is stored as it was: a hash of the group, version and kind it is stored as. Undefined for what is not stored. */
export function storageVersionHash(resource: Resource, release: Version): string | undefined {
  const { kind, transient, verbs } = resource;
  if (transient || !verbs.includes('get') || !verbs.includes('create')) return undefined;
  const apiVersion = storedIn(resource, release);
  if (apiVersion === undefined) return undefined;
  const hash = sha256(`${apiVersion.includes('/') ? '' : '/'}${apiVersion}/${kind}`);
  return btoa(String.fromCharCode(...hash.slice(0, 8)));
}

function storedIn(resource: Resource, release: Version): string | undefined {
  if ('schemaOf' in resource) return resource.storedAs;
  const usual = resource.storedAs ?? groupVersionOf(resource, servedVersions(resource, release)[0]!);
  return (release.has('stored-as-v1') ? undefined : until20.get(resource.kind)) ?? usual;
}
