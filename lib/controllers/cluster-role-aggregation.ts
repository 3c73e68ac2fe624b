import { aggregatedRules, equal, type KubeObject } from '../api/index.ts';
import type { Client, Controller } from '../client/index.ts';
import { forMapped } from '../client/index.ts';

/** Gives roles with an aggregation rule the rules of the roles that it selects (pkg/controller/clusterroleaggregation). */
export function clusterRoleAggregationController(client: Client): Controller {
  const roles = () => client.cache('ClusterRole');
  const gathering = () => [...roles()].filter((role) => role.aggregationRule).map(({ metadata }) => ({ name: metadata.name }));
  return {
    name: 'clusterrole-aggregation',
    // Any change may concern any of the few roles that gather others.
    watches: [forMapped('ClusterRole', gathering)],
    reconcile(request) {
      const role = client.find('ClusterRole', request) as KubeObject | undefined;
      if (!role?.aggregationRule) return;
      const rules = aggregatedRules(role, roles());
      if (!equal(rules, role.rules ?? [])) client.update({ ...role, rules });
    },
  };
}
