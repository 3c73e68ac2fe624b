import { isAlreadyExists } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';

/** The example driver needs no attacher. Differs from Kubernetes: it is installed with its first volume. */
export function install(client: Client, name: string): void {
  if (client.find('CSIDriver', { name })) return;
  try {
    client.create({ apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name }, spec: { attachRequired: false, podInfoOnMount: true, fsGroupPolicy: 'File', volumeLifecycleModes: ['Persistent', 'Ephemeral'] } });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
