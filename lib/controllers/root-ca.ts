import { equal, isNotFound, type ConfigMap } from '../api/index.ts';
import type { Client, Controller } from '../client/index.ts';
import { forMapped, forObject } from '../client/index.ts';
import { isNamespaceTerminating } from './shared/errors.ts';
import { standInCA } from './shared/root-ca.ts';

export interface RootCAOptions {
  /** The certificate of the cluster's authority, as text. */
  rootCA?: string;
}

const name = 'kube-root-ca.crt';
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. ' +
  'No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Gives each namespace the certificate that pods trust the API server by (pkg/controller/certificates/rootcacertpublisher). */
export function rootCACertPublisher(client: Client, { rootCA = standInCA }: RootCAOptions = {}): Controller {
  const data = { 'ca.crt': rootCA };
  return {
    name: 'root-ca-cert-publisher',
    watches: [forObject('Namespace'), forMapped('ConfigMap', ({ object }) => (object.metadata.name === name ? [{ name: object.metadata.namespace }] : []))],
    reconcile({ name: namespace }) {
      if (!client.version.has('root-ca-configmap')) return;
      if (client.find('Namespace', { name: namespace })?.status.phase !== 'Active') return;
      const present = client.find('ConfigMap', { namespace, name });
      if (!present) return publish(namespace);
      if (!equal(present.data, data)) client.update<ConfigMap>({ ...present, data });
    },
  };

  function publish(namespace: string): void {
    const annotations = client.version.has('root-ca-description') ? { 'kubernetes.io/description': description } : undefined;
    try {
      client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...(annotations && { annotations }) }, data });
    } catch (error) {
      if (!isNotFound(error) && !isNamespaceTerminating(error)) throw error;
    }
  }
}
