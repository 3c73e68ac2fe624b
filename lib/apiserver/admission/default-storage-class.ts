import type { KubeObject } from '../../api/index.ts';
import type { Admission } from './index.ts';
import { refuse } from './refuse.ts';

const annotation = 'storageclass.kubernetes.io/is-default-class';
const isDefault = ({ metadata }: KubeObject) => metadata.annotations?.[annotation] === 'true' || metadata.annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true';

/**
 * A claim that names no class gets the default one. `storageClassName: ""` names one: none.
 * Of several default classes the newest is taken.
 */
export const defaultStorageClass: Admission = {
  name: 'DefaultStorageClass',
  kinds: ['PersistentVolumeClaim'],
  admit({ operation, request, object, parts }) {
    if (operation !== 'CREATE' || request.subresource) return;
    const { metadata, spec } = object!;
    if (spec.storageClassName !== undefined || metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined) return;
    const classes = parts.storage.all(parts.resourceOf('StorageClass')).filter(isDefault);
    if (classes.length > 1 && !parts.version.has('newest-default-storage-class')) {
      throw refuse({ request, object }, `Internal error occurred: ${classes.length} default StorageClasses were found`);
    }
    classes.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : a.metadata.creationTimestamp > b.metadata.creationTimestamp ? -1 : a.metadata.name < b.metadata.name ? -1 : 1));
    if (classes[0]) spec.storageClassName = classes[0].metadata.name;
  },
};
