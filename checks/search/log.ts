// One line a write: who wrote what when, and what became of the object.
import type { KubeObject } from '../../lib/api/index.ts';
import type { Write } from './world.ts';

/** How large it is, where it is, how it is: what one looks for in a history. */
function gist(object: KubeObject | undefined): string {
  if (!object) return 'gone';
  const { metadata: { resourceVersion, deletionTimestamp }, spec, status } = object;
  const [image] = (spec?.template?.spec ?? spec)?.containers?.map(({ image }: { image: string }) => image) ?? [];
  const ready = status?.conditions?.some(({ type, status: is }: { type: string; status: string }) => type === 'Ready' && is === 'True') && 'ready';
  const counts = ['replicas', 'readyReplicas', 'availableReplicas', 'active', 'succeeded', 'failed'].flatMap((name) => (status?.[name] === undefined ? [] : `${name}=${Array.isArray(status[name]) ? status[name].length : status[name]}`));
  const wanted = ['replicas', 'parallelism'].flatMap((name) => (spec?.[name] === undefined ? [] : `${name}:${spec[name]}`));
  return [`@${resourceVersion}`, ...wanted, image, spec?.nodeName, status?.phase, ready, deletionTimestamp && 'deleted', ...counts].filter(Boolean).join(' ');
}

export function lineOf(now: number, { request: { verb, resource, subresource, name }, who, after, before }: Write): string {
  const called = name ?? after?.metadata.name ?? before?.metadata.name;
  return `${new Date(now).toISOString().slice(11, 23)} ${who} ${verb} ${resource.kind}${subresource ? `/${subresource}` : ''} ${called}: ${gist(after)}`;
}
