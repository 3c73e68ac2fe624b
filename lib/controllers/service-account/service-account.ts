import { isAlreadyExists } from '../../api/index.ts';
import type { Client, Controller } from '../../client/index.ts';
import { forMapped, forObject } from '../../client/index.ts';
import { isNamespaceTerminating } from '../shared/errors.ts';

/** Keeps a ServiceAccount `default` in each active namespace (pkg/controller/serviceaccount). */
export function serviceAccountController(client: Client): Controller {
  return {
    name: 'serviceaccount',
    watches: [
      forObject('Namespace'),
      forMapped('ServiceAccount', ({ type, object }) => (type === 'DELETED' ? [{ name: object.metadata.namespace }] : [])),
    ],
    reconcile({ name }) {
      if (client.find('Namespace', { name })?.status.phase !== 'Active') return;
      if (client.find('ServiceAccount', { namespace: name, name: 'default' })) return;
      try {
        client.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
      } catch (error) {
        if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
      }
    },
  };
}
