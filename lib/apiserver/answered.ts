// Stored objects as an HTTP client sees them: with who owns which fields, in the API version of the path.
import { groupVersionOf, inApiVersion, type KubeObject, type Resource } from '../api/index.ts';
import type { ObjectList } from './request.ts';
import type { ApiServer } from './server.ts';

export function withManagedFields(server: ApiServer, body: unknown, { kind }: Resource): unknown {
  const { items } = body as ObjectList;
  if (items) return { ...(body as ObjectList), items: items.map((item) => server.withManagedFields(item)) };
  return (body as KubeObject).kind === kind ? server.withManagedFields(body as KubeObject) : body;
}

/** Objects are answered in the API version that was asked for. */
export function inVersion(server: ApiServer, body: unknown, resource: Resource, version: string): unknown {
  const wanted = groupVersionOf(resource, version);
  // Custom objects may have been stored when another version was the one to store.
  if (wanted === server.storedVersion(resource) && !('schemaOf' in resource)) return body;
  // What lies in etcd is read by the schema of now: with its defaults, without what it does not know.
  const read = 'schemaOf' in resource ? (o: KubeObject) => resource.convert!(o, wanted) : (o: KubeObject) => inApiVersion(resource, o, wanted);
  const convert = (o: KubeObject) => (o.kind === resource.kind ? read(o) : o);
  const { items } = body as ObjectList;
  return items ? { ...(body as ObjectList), apiVersion: wanted, items: items.map(convert) } : convert(body as KubeObject);
}
