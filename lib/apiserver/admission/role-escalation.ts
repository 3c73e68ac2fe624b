import { confirmNoEscalation } from '../authorization/escalation.ts';
import { knownUser } from '../authorization/index.ts';
import type { Admission } from './index.ts';

/** Nobody gives by a role or binding what he does not have. In Kubernetes the storage of these kinds asks, after admission. */
export const roleEscalation: Admission = {
  name: 'RoleEscalation',
  kinds: ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'],
  admit({ operation, request, object, old, parts }) {
    if (operation === 'DELETE' || !object) return;
    const { user, groups } = request;
    confirmNoEscalation(parts, parts.authorizer(), { request, user: groups ? { name: user, groups } : knownUser(user), object, old });
  },
};
