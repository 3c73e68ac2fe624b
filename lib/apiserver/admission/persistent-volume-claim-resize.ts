import { forbidden, type KubeObject, parseQuantity } from '../../api/index.ts';
import type { Admission } from './index.ts';

const sizeOf = ({ spec }: KubeObject) => parseQuantity(spec.resources?.requests?.storage ?? '0');
const classOf = ({ metadata, spec }: KubeObject): string => metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? '';

/** A claim grows only when it is bound and its storage class allows it. */
export const persistentVolumeClaimResize: Admission = {
  name: 'PersistentVolumeClaimResize',
  kinds: ['PersistentVolumeClaim'],
  validate({ operation, request, object, old, parts }) {
    if (operation !== 'UPDATE' || request.subresource || sizeOf(object!).cmp(sizeOf(old!)) <= 0) return;
    const refuse = (why: string) => forbidden(request.resource, old!.metadata.name, why);
    if (old!.status?.phase !== 'Bound') throw refuse('Only bound persistent volume claims can be expanded');
    const [name, before] = [classOf(object!), classOf(old!)];
    const storageClass = name && before ? parts.find('StorageClass', { name }) : undefined;
    if (storageClass?.allowVolumeExpansion) return;
    throw refuse('only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize');
  },
};
