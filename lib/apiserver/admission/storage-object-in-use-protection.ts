import type { Admission } from './index.ts';

const finalizers: Record<string, string> = {
  PersistentVolume: 'kubernetes.io/pv-protection',
  PersistentVolumeClaim: 'kubernetes.io/pvc-protection',
};

/** A volume or claim that is in use goes only when its last user has gone. */
export const storageObjectInUseProtection: Admission = {
  name: 'StorageObjectInUseProtection',
  kinds: ['PersistentVolume', 'PersistentVolumeClaim'],
  admit({ operation, request, object }) {
    const finalizer = finalizers[request.resource.kind];
    if (operation !== 'CREATE' || !finalizer || request.subresource) return;
    const present = object!.metadata.finalizers ?? [];
    if (!present.includes(finalizer)) object!.metadata.finalizers = [...present, finalizer];
  },
};
