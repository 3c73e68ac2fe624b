import { forbidden } from '../../api/index.ts';
import type { Admission } from './index.ts';

/** Differs from Kubernetes: no RuntimeClass can be made here, so a pod that asks for one is refused. */
export const runtimeClass: Admission = {
  name: 'RuntimeClass',
  kinds: ['Pod'],
  admit({ operation, request, object }) {
    const name: string | undefined = object?.spec.runtimeClassName;
    if (operation === 'CREATE' && !request.subresource && name) throw forbidden(request.resource, object!.metadata.name || '', `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  },
};
