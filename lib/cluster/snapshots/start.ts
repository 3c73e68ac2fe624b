// Snapshots of volumes: who takes them runs as long as their kinds are defined.
import { snapshotGroup } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { snapshotControllers } from '../../controllers/index.ts';
import type { NetworkStorage } from '../../machine/index.ts';
import { type ControllerFactory, type ControllerManager, createControllerManager } from '../controller-manager.ts';
import type { Surroundings } from '../process.ts';
import { definedIn, runWhile, startingWhen } from '../while-defined.ts';
import { snapshotDefinitions } from './definitions.ts';

export interface SnapshotParts extends Surroundings {
  storage: NetworkStorage;
  /** Applies the definitions, as a person would. */
  define: boolean;
  client: Client;
  /** Controllers of one's own in the place of these; false leaves one out. */
  own: Record<string, ControllerFactory | false>;
  onError(controller: string, key: string, error: unknown): void;
}

const plurals = ['volumesnapshots', 'volumesnapshotcontents', 'volumesnapshotclasses'];

/**
 * snapshot-controller and the sidecar csi-snapshotter. A cluster without the definitions starts nothing of this.
 * Differs from Kubernetes: there a person applies them too, as a Deployment and with the driver.
 */
export function startSnapshots({ storage, define, client, own, onError, ...around }: SnapshotParts): ControllerManager {
  const { server } = around;
  const factories = {
    'snapshot-controller': own['snapshot-controller'] ?? snapshotControllers['snapshot-controller']!,
    'csi-snapshotter': own['csi-snapshotter'] ?? ((sidecar: Client) => snapshotControllers['csi-snapshotter']!(sidecar, { storage })),
  };
  const table = Object.fromEntries(Object.entries(factories).filter((entry): entry is [string, ControllerFactory] => entry[1] !== false));
  const manager = createControllerManager({ ...around, name: 'snapshot-controller', user: 'system:serviceaccount:kube-system:snapshot-controller', factories: table, onError });
  const defined = definedIn(server, plurals.map((plural) => `${plural}.${snapshotGroup}`));
  const guarded = startingWhen(defined, manager);
  runWhile(defined, { server, processes: [guarded] });
  if (define) for (const one of snapshotDefinitions) if (!client.resource(`${one.spec.names.plural}.${snapshotGroup}`)) client.create(one);
  return guarded;
}
