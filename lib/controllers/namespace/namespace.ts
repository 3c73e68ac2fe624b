import { customKinds, findResource, type KubeObject, type Namespace, type Resource, resourcesOf, servedVersions, sharesObjects, type Version } from '../../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../../client/index.ts';
import { forMapped } from '../../client/index.ts';
import { ignoreNotFound } from '../shared/not-found.ts';
import { discoveryError, namespaceConditions, type Remaining } from './conditions.ts';

/** A namespace is emptied only so long after the request, so that last creations are seen too; and again so long after each change. */
const gracePeriod = 5000;
/** How long objects with finalizers are expected to take, in seconds. */
const finalizerEstimate = 15;
const finalizer = 'kubernetes';

/** Empties a namespace that is being deleted, then lets it go (pkg/controller/namespace). */
export function namespaceController(client: Client): Controller {
  return {
    name: 'namespace',
    watches: [forMapped('Namespace', marked)],
    reconcile(request) {
      const namespace = client.find('Namespace', request);
      if (!namespace?.metadata.deletionTimestamp || !namespace.spec.finalizers?.length) return;
      const { remote } = customKinds(client.version);
      const undiscovered = remote.filter(({ available }) => !available).map(({ group, version }) => `${group}/${version}`).sort();
      const remaining: Remaining = { resources: new Map(), finalizers: new Map(), errors: [], undiscovered };
      const estimate = emptyNamespace(client, namespace, remaining);
      const conditions = namespaceConditions(namespace.status.conditions, remaining, client.clock.now);
      ignoreNotFound(() => client.updateStatus(namespace, { conditions }));
      const errors = [...(undiscovered.length > 0 ? [discoveryError(undiscovered)] : []), ...remaining.errors];
      if (errors.length > 0) throw new Error(errors.join(', '));
      if (estimate > 0) return { requeueAfter: (Math.floor(estimate / 2) + 1) * 1000 };
      ignoreNotFound(() => finalize(client, namespace));
    },
  };
}

function marked({ type, object: { metadata } }: CacheEvent<Namespace>): (Key & { after: number })[] {
  return type !== 'DELETED' && metadata.deletionTimestamp ? [{ name: metadata.name, after: gracePeriod }] : [];
}

/** Deletes everything of every kind. Returns how many seconds the rest may need, 0 when nothing is left. */
function emptyNamespace(client: Client, namespace: Namespace, remaining: Remaining): number {
  let estimate = 0;
  for (const resource of namespacedKinds(client)) estimate = Math.max(estimate, emptyOf(client, resource, namespace, remaining));
  return estimate;
}

function namespacedKinds({ version }: Client): Resource[] {
  return [...resourcesOf(version), ...remoteKinds(version)].filter((row) => row.namespaced && !row.discoveryOnly && !sharesObjects(row) && row.verbs.includes('delete') && servedVersions(row, version).length > 0);
}

/** Kinds that other API servers answer. */
function remoteKinds(version: Version): Resource[] {
  const named = customKinds(version).remote.filter(({ available }) => available).flatMap(({ group, version: one, resources = [] }) => resources.filter(({ name }) => !name.includes('/')).map(({ name }) => `${name}.${one}.${group}`));
  return named.map((name) => findResource(name, version)).filter((row) => row !== undefined);
}

function emptyOf(client: Client, row: Resource, { metadata }: Namespace, remaining: Remaining): number {
  const { kind, plural, group } = row;
  const list = () => client.list(group ? `${plural}.${group}` : kind, { namespace: metadata.name }).items as KubeObject[];
  const before = list();
  if (before.length === 0) return 0;
  const elapsed = (client.clock.now - Date.parse(metadata.deletionTimestamp!)) / 1000;
  const grace = Math.max(0, ...before.map(graceOf));
  for (const object of before) ignoreNotFound(() => client.delete(object, { propagationPolicy: 'Background' }));
  const left = list();
  if (left.length === 0) return 0;
  remaining.resources.set(`${plural}.${group}`, left.length);
  for (const name of left.flatMap((object) => object.metadata.finalizers ?? [])) remaining.finalizers.set(name, (remaining.finalizers.get(name) ?? 0) + 1);
  if (grace > elapsed) return grace;
  if (left.some((object) => object.metadata.finalizers?.length)) return finalizerEstimate;
  remaining.errors.push(`unexpected items still remain in namespace: ${metadata.name} for gvr: ${group}/${servedVersions(row, client.version)[0]}, Resource=${plural}`);
  return 0;
}

/** Only pods that still run take their time. */
function graceOf({ kind, spec, status }: KubeObject): number {
  return kind === 'Pod' && status?.phase !== 'Succeeded' && status?.phase !== 'Failed' ? (spec.terminationGracePeriodSeconds ?? 0) : 0;
}

function finalize(client: Client, namespace: Namespace): void {
  const finalizers = namespace.spec.finalizers!.filter((other) => other !== finalizer);
  client.update({ ...namespace, spec: { ...namespace.spec, finalizers } }, { subresource: 'finalize' });
}
