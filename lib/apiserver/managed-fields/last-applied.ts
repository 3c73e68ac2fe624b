// From client-side to server-side apply: the annotation of the one tells what the other may take over.
import type { KubeObject, Manifest } from '../../api/index.ts';
import { compare } from './compare.ts';
import type { FieldSet } from './field-set.ts';
import { goJson } from './path-element.ts';
import { checkType, fieldSetOf, TypeMismatch } from './typed-value.ts';
import type { Write } from './updater.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** The fields of the annotation that are still as it says; undefined when there is nothing to go by. */
export function lastAppliedFields(present: KubeObject, { live, by, typeOf, version }: Write): FieldSet | undefined {
  const text = present.metadata.annotations?.[annotation];
  const last = text ? parsed(text) : undefined;
  const type = typeOf(by.apiVersion)!;
  if (!last || last.apiVersion !== by.apiVersion) return undefined;
  try {
    checkType(type, last);
  } catch (error) {
    if (error instanceof TypeMismatch) return undefined;
    throw error;
  }
  const { added, modified, removed } = compare(type, last, live);
  return fieldSetOf(type, last, { emptyMaps: version.has('apply-named-fields') }).difference(modified).difference(added).difference(removed);
}

function parsed(text: string): Manifest | undefined {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return undefined;
  }
}

/** Keeps the annotation true where there is one, for those who go on applying on the client's side. */
export function withLastApplied(object: KubeObject, config: Manifest): KubeObject {
  const { annotations } = object.metadata;
  if (annotations?.[annotation] === undefined) return object;
  const { [annotation]: _, ...others } = config.metadata?.annotations ?? {};
  const { annotations: __, ...metadata } = config.metadata ?? {};
  const bare = { ...config, metadata: { ...metadata, ...(Object.keys(others).length > 0 && { annotations: others }) } };
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [annotation]: `${goJson(sorted(bare))}\n` } } };
}

/** Go prints the keys of a map in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
