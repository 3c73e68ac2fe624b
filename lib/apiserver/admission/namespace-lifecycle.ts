import { forbidden, notFound } from '../../api/index.ts';
import type { Admission } from './index.ts';
import { refuse } from './refuse.ts';

const immortal = new Set(['default', 'kube-system', 'kube-public']);

/** Nothing is created in a namespace that is missing or on its way out; three namespaces may not be deleted. */
export const namespaceLifecycle: Admission = {
  name: 'NamespaceLifecycle',
  admit({ operation, request, object, parts }) {
    const { resource, namespace, name = '' } = request;
    if (operation === 'DELETE') {
      if (resource.kind === 'Namespace' && immortal.has(name)) throw forbidden(resource, name, 'this namespace may not be deleted');
      return;
    }
    if (!resource.namespaced || !namespace) return;
    const found = parts.find('Namespace', { name: namespace });
    if (!found) throw notFound(parts.resourceOf('Namespace'), namespace);
    if (operation !== 'CREATE' || !found.metadata.deletionTimestamp) return;
    throw refuse({ request, object }, `unable to create new content in namespace ${namespace} because it is being terminated`, [
      { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
    ]);
  },
};
