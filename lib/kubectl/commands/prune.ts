// --prune of apply and diff: what was applied once, has the labels, and stands in the files no more.
import type { Resource } from '../../api/index.ts';
import { CommandError, wrapped } from '../errors.ts';
import { bool, list } from '../flags.ts';
import { lastApplied } from '../last-applied.ts';
import { apiVersionOf, clientKind, infoOf, resourceOfKind } from '../names.ts';
import type { Call, Info } from '../session.ts';

export const pruneFlags = [bool('prune'), list('prune-allowlist')];

/** Kinds that are pruned when no --prune-allowlist says which. */
const usual = ['/ConfigMap', '/Endpoints', '/Namespace', '/PersistentVolumeClaim', '/PersistentVolume', '/Pod', '/ReplicationController', '/Secret', '/Service', 'batch/Job', 'batch/CronJob', 'networking.k8s.io/Ingress', 'apps/DaemonSet', 'apps/Deployment', 'apps/ReplicaSet', 'apps/StatefulSet'];

/** Whoever prunes says of what: by labels, or of all. */
export function checkPrune({ flags }: Call): void {
  if (flags.bool('all') && flags.string('selector')) throw new CommandError('cannot set --all and --selector at the same time');
  if (!flags.bool('prune') || flags.bool('all') || flags.string('selector')) return;
  throw new CommandError('all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector');
}

/** The kinds to look at. */
export function prunable(call: Call): Resource[] {
  const named = call.flags.list('prune-allowlist').filter(Boolean);
  if (named.length === 0) return usual.map((text) => text.split('/') as [string, string]).flatMap(([group, kind]) => call.resources.find((row) => row.group === group && row.kind === kind) ?? []);
  return named.map((text) => {
    const parts = text.split('/');
    if (parts.length !== 3) throw new CommandError(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
    const [group, version, kind] = parts as [string, string, string];
    const apiVersion = group === 'core' || group === '' ? version : `${group}/${version}`;
    const found = resourceOfKind(kind, apiVersion, call.version);
    if (!found) throw new CommandError(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
    return found;
  });
}

/** What `applied` leaves over, in the namespaces that it touches. */
export function pruned(call: Call, applied: readonly Info[]): Info[] {
  const kinds = prunable(call);
  const kept = new Set(applied.map(({ object }) => object?.metadata.uid));
  const namespaces = [...new Set(applied.filter(({ resource }) => resource.namespaced).map(({ namespace }) => namespace))];
  const places = [...namespaces.flatMap((namespace) => kinds.filter((kind) => kind.namespaced).map((kind) => ({ kind, namespace }))), ...kinds.filter((kind) => !kind.namespaced).map((kind) => ({ kind, namespace: '' }))];
  const labelSelector = call.flags.string('selector');
  return places.flatMap(({ kind, namespace }) => {
    const { items } = call.client.list(clientKind(kind), { ...(namespace && { namespace }), ...(labelSelector && { labelSelector }) });
    const left = items.filter(({ metadata }) => metadata.annotations?.[lastApplied] !== undefined && !kept.has(metadata.uid));
    return left.map((object) => infoOf(kind, object, apiVersionOf(kind, call.version)));
  });
}

export function pruneError(error: unknown, { resource, namespace, apiVersion }: Info): Error {
  return wrapped(error, `error pruning ${namespace ? 'namespaced' : 'nonNamespaced'} object ${apiVersion}, Kind=${resource.kind}`);
}
