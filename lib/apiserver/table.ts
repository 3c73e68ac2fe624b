// Tables (meta.k8s.io/v1): what `kubectl get` prints, made where the objects are.
import { type Column, inApiVersion, type KubeObject, type Resource } from '../api/index.ts';
import type { ObjectList } from './request.ts';
import type { ApiServer } from './server.ts';

export interface Table {
  kind: 'Table';
  apiVersion: string;
  metadata: Record<string, unknown>;
  columnDefinitions: { name: string; type: string; format: string; description: string; priority: number }[];
  rows: { cells: (string | number | boolean | null)[]; object?: unknown }[];
}

/** The columns of kinds that have none of their own. */
const plainColumns: Column[] = [
  { name: 'Name', type: 'string', format: 'name' },
  { name: 'Created At', type: 'date' },
];

function columnsOf(server: ApiServer, { columns = plainColumns }: Pick<Resource, 'columns'>): Column[] {
  return typeof columns === 'function' ? columns(server.version) : columns;
}

/** A list, one object or a Status as a Table; what is no object of the resource stays as it is. */
export function toTable(server: ApiServer, resource: Resource, body: unknown, { apiVersion = 'meta.k8s.io/v1', includeObject = 'Metadata' } = {}): unknown {
  const { items, kind, metadata } = body as ObjectList;
  if (!items && kind !== resource.kind) return body;
  const objects = items ?? [body as KubeObject];
  const printed = resource.printedIn?.((body as ObjectList).apiVersion);
  const { resourceVersion, continue: token, remainingItemCount } = metadata;
  const table: Table = {
    kind: 'Table',
    apiVersion,
    metadata: { resourceVersion, ...(token && { continue: token }), ...(remainingItemCount && { remainingItemCount }) },
    columnDefinitions: columnsOf(server, printed ?? resource).map(({ name, type, format = '', priority = 0, description = '' }) => ({ name, type, format, description, priority })),
    rows: objects.map((object) => ({ cells: printed ? printed.cells!(object, server.now, server.version) : cellsOf(server, resource, object), ...(includeObject !== 'None' && { object: includeObject === 'Object' ? object : partial(object) }) })),
  };
  return table;
}

function cellsOf(server: ApiServer, resource: Resource, object: KubeObject): (string | number | boolean | null)[] {
  if (resource.cells) return resource.cells(inApiVersion(resource, object, server.storedVersion(resource)), server.now, server.version);
  return [object.metadata.name, object.metadata.creationTimestamp];
}

function partial({ metadata }: KubeObject): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
