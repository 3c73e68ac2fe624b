import { humanDuration, type KubeObject, type Resource, StatusError } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import type { Call, Info } from '../session.ts';

/** What --subresource shows instead of the objects themselves. */
export function subresourcesOf(call: Call, infos: readonly Info[]): Info[] {
  const wanted = call.flags.string('subresource');
  if (!wanted) return [...infos];
  return infos.map((info) => {
    if (!info.resource.subresources?.some(({ name }) => name === wanted)) throw new StatusError('NotFound', 404, 'the server could not find the requested resource');
    return wanted === 'scale' ? scaleOf(call, info) : info;
  });
}

function scaleOf(call: Call, info: Info): Info {
  const { resource, apiVersion, namespace, name } = info;
  const path = `/${resource.group ? 'apis' : 'api'}/${apiVersion}/${namespace ? `namespaces/${namespace}/` : ''}${resource.plural}/${name}/scale`;
  if (!call.options.raw) throw new CommandError('--subresource=scale is not wired to a server here');
  const { code, body } = call.options.raw(path);
  const object = body as KubeObject;
  if (code >= 400) throw new StatusError((body as { reason: string }).reason, code, (body as { message: string }).message);
  return { ...info, resource: scaleKind(resource), apiVersion: object.apiVersion, object };
}

/** The row of a Scale: it is printed by name and age. */
const scaleKind = ({ plural }: Resource): Resource => ({
  ...({ plural, shortNames: [], versions: [] } as unknown as Resource),
  kind: 'Scale',
  group: 'autoscaling',
  namespaced: true,
  columns: [
    { name: 'Name', type: 'string', format: 'name', priority: 0 },
    { name: 'Age', type: 'string', priority: 0 },
  ],
  cells: ({ metadata }, now) => [metadata.name, metadata.creationTimestamp ? humanDuration(now - Date.parse(metadata.creationTimestamp)) : '<unknown>'],
});
