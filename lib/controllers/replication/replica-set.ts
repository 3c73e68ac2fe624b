import type { Client, Controller } from '../../client/index.ts';
import type { ReplicaSet } from '../../api/index.ts';
import { labelSelector } from '../shared/selectors.ts';
import { replicationController } from './replicas.ts';

/** Keeps the number of live pods at `spec.replicas` (pkg/controller/replicaset). */
export function replicaSetController(client: Client): Controller {
  return replicationController<ReplicaSet>(client, {
    name: 'replicaset',
    kind: 'ReplicaSet',
    selectorOf: (rs) => labelSelector(rs.spec.selector),
  });
}
