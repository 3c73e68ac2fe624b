// A kind of a learner's own, and the learner's controller of it: a fleet has so many pods, each with a number.
import { isAlreadyExists, isNotFound, isPodActive, isPodReady, type KubeObject, type Manifest, type Pod, StatusError } from '../../lib/api/index.ts';
import { type Client, ConnectionError, type Controller, forObject, forOwner, type Key, keyOf } from '../../lib/client/index.ts';
import { controllerOf, controllerReference } from '../../lib/controllers/shared/owners.ts';

const replicas = { type: 'integer', minimum: 0 };
const status = { type: 'object', properties: { replicas, readyReplicas: replicas } };
const spec = { type: 'object', required: ['template'], properties: { replicas: { ...replicas, default: 1 }, template: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } };

export const fleetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'fleets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'fleets', singular: 'fleet', kind: 'Fleet', listKind: 'FleetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec, status } } },
        subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
      },
    ],
  },
} as unknown as Manifest;

export const fleetApi = 'example.com/v1';

/** Names come from numbers, so that no cache can be too old to make a pod twice. */
export function fleetController(client: Client): Controller {
  const podOf = (fleet: KubeObject, i: number): Manifest => {
    const { metadata, spec } = fleet.spec['template'];
    return { kind: 'Pod', metadata: { ...metadata, name: `${fleet.metadata.name}-${i}`, namespace: fleet.metadata.namespace, ownerReferences: [controllerReference(fleet)] }, spec };
  };

  /** Made; or taken over, when nobody has it. False: another has the name. */
  function provide(fleet: KubeObject, i: number): boolean {
    const manifest = podOf(fleet, i);
    const { namespace, name, ownerReferences } = manifest.metadata!;
    const found = client.find('Pod', { namespace, name: name! });
    if (found && (controllerOf(found) || found.metadata.deletionTimestamp)) return false;
    try {
      if (found) client.patch('Pod', keyOf(found), { metadata: { uid: found.metadata.uid, ownerReferences } });
      else client.create(manifest);
      return true;
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      return false;
    }
  }

  function remove(pod: Pod): void {
    try {
      client.delete(pod);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  return {
    name: 'fleet',
    watches: [forObject('Fleet'), forOwner('Pod', 'Fleet')],
    // What the server refuses, or does not answer, is tried again a little later.
    reconcile(request) {
      try {
        return sync(request);
      } catch (error) {
        if (error instanceof StatusError || error instanceof ConnectionError) return { requeueAfter: 5000 };
        throw error;
      }
    },
  };

  function sync(request: Key): { requeueAfter: number } | undefined {
    const fleet = client.find('Fleet', request) as KubeObject | undefined;
    if (!fleet || fleet.metadata.deletionTimestamp) return undefined;
    const pods = [...client.cache('Pod').ownedBy(fleet.metadata.uid)] as Pod[];
    const wanted = Array.from({ length: fleet.spec['replicas'] }, (_, i) => `${fleet.metadata.name}-${i}`);
    for (const pod of pods) if (!pod.metadata.deletionTimestamp && (!isPodActive(pod) || !wanted.includes(pod.metadata.name))) remove(pod);
    let complete = true;
    wanted.forEach((name, i) => {
      if (!pods.some(({ metadata }) => metadata.name === name) && !provide(fleet, i)) complete = false;
    });
    const active = pods.filter(isPodActive);
    client.updateStatus(fleet, { replicas: active.length, readyReplicas: active.filter((pod) => isPodReady(pod)).length });
    // Whose name is in the way is not watched.
    return complete ? undefined : { requeueAfter: 5000 };
  }
}
