import type { KubeObject, Manifest, PodTemplateSpec } from '../../api/index.ts';
import { controllerReference } from './owners.ts';

/** What every pod of an owner begins as. */
export function podFromTemplate(template: PodTemplateSpec, owner: KubeObject): Manifest {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const prefix = `${owner.metadata.name}-`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: prefix.length > 253 ? owner.metadata.name : prefix,
      namespace: owner.metadata.namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: template.spec,
  };
}
