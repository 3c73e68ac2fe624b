// The scale of a custom resource: its numbers lie where the definition says.
import { type CustomResource, type KubeObject, numberAt, StatusError } from '../api/index.ts';

const namesOf = (path: string) => path.replace(/^\./, '').split('.');

function read(object: KubeObject, path: string): number {
  const value = numberAt(object, path) ?? 0;
  if (typeof value === 'string') throw new StatusError('', 500, value);
  return value;
}

function textAt(object: KubeObject, path: string): string {
  const value = namesOf(path).reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], object);
  return typeof value === 'string' ? value : '';
}

export function checkSpecReplicas({ scale }: CustomResource, object: KubeObject): void {
  if (numberAt(object, scale!.specReplicasPath) !== undefined) return;
  throw new StatusError('InternalError', 500, `Internal error occurred: the spec replicas field ${JSON.stringify(scale!.specReplicasPath)} does not exist`, { causes: [{ message: `the spec replicas field ${JSON.stringify(scale!.specReplicasPath)} does not exist` }] });
}

export function customScale({ scale }: CustomResource, object: KubeObject): KubeObject {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale!;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = read(object, specReplicasPath);
  const selector = labelSelectorPath ? textAt(object, labelSelectorPath) : '';
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: read(object, statusReplicasPath), ...(selector && { selector }) },
  };
}

/** The object with a number at a path such as `.spec.replicas`. */
export function withNumber(object: KubeObject, path: string, value: number): KubeObject {
  const set = (at: Record<string, unknown>, [name, ...rest]: string[]): Record<string, unknown> => ({ ...at, [name!]: rest.length > 0 ? set((at[name!] ?? {}) as Record<string, unknown>, rest) : value });
  return set(object, namesOf(path)) as unknown as KubeObject;
}
