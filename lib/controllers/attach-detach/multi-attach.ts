import type { Pod } from '../../api/index.ts';

/** Why a pod has to wait for a disk. Whoever may see one namespace learns no names of pods in another. */
export function multiAttachMessage({ metadata: { namespace } }: Pod, users: readonly Pod[]): string {
  if (users.length === 0) return "Volume is already exclusively attached to one node and can't be attached to another";
  const local = users.filter(({ metadata }) => metadata.namespace === namespace).map(({ metadata }) => metadata.name);
  const elsewhere = users.length - local.length;
  if (local.length === 0) return `Volume is already used by ${elsewhere} pod(s) in different namespaces`;
  return `Volume is already used by pod(s) ${local.join(', ')}${elsewhere > 0 ? ` and ${elsewhere} pod(s) in different namespaces` : ''}`;
}
