import type { Client, Controller } from '../../client/index.ts';
import type { ReplicationController } from '../../api/index.ts';
import { setSelector } from '../shared/selectors.ts';
import { replicationController } from './replicas.ts';

/** As the ReplicaSet controller, for the older kind: its selector is a plain map (pkg/controller/replication). */
export function replicationControllerController(client: Client): Controller {
  return replicationController<ReplicationController>(client, {
    name: 'replicationcontroller',
    kind: 'ReplicationController',
    selectorOf: (rc) => setSelector(rc.spec.selector),
  });
}
