// The Node authorizer: a kubelet may read what the pods of its node need, and nothing else (plugin/pkg/auth/authorizer/node).
import type { PolicyRule, Version } from '../../api/index.ts';
import { type Attributes, isResource, type ResourceAttributes } from './attributes.ts';
import type { Decision } from './decision.ts';
import { isUsedOn } from './node-graph.ts';
import type { Roles } from './resolver.ts';
import { ruleAllows } from './rule-allows.ts';
import { nodeNameOf, type UserInfo } from './user.ts';

export interface NodeOptions {
  /** What nodes may do beside the kinds that are looked at one by one: the rules of `system:node`. */
  rules: readonly PolicyRule[];
  version: Version;
}

const allow: Decision = { allowed: true, reason: '' };
const deny = (reason: string): Decision => ({ allowed: false, reason });

/** Undefined when it is no node that asks. */
export function authorizeNode(roles: Roles, user: UserInfo, attributes: Attributes, { rules, version }: NodeOptions): Decision | undefined {
  const node = nodeNameOf(user);
  if (node === undefined) return undefined;
  const own = isResource(attributes) ? ownRules[`${attributes.resource}.${attributes.group}`] : undefined;
  const decision = own?.(roles, node, attributes as ResourceAttributes, version);
  return decision ?? (rules.some((rule) => ruleAllows(rule, attributes)) ? allow : deny(''));
}

type Own = (roles: Roles, node: string, attributes: ResourceAttributes, version: Version) => Decision | undefined;

const ownRules: Record<string, Own> = {
  'secrets.': (roles, node, attributes) => readObject('Secret', roles, node, attributes),
  'configmaps.': (roles, node, attributes) => readObject('ConfigMap', roles, node, attributes),
  'persistentvolumeclaims.': (roles, node, attributes) => (attributes.subresource === 'status' ? claimStatus(roles, node, attributes) : getObject('PersistentVolumeClaim', roles, node, attributes)),
  'persistentvolumes.': (roles, node, attributes) => getObject('PersistentVolume', roles, node, attributes),
  'serviceaccounts.': createToken,
  'leases.coordination.k8s.io': (_, node, attributes) => ownLease(node, attributes),
  'csinodes.storage.k8s.io': (_, node, attributes) => ownCSINode(node, attributes),
  'pods.': (roles, node, attributes, version) => (version.has('authorize-node-selectors') ? readPods(roles, node, attributes) : undefined),
  'nodes.': (_, node, attributes, version) => (version.has('authorize-node-selectors') ? readNodes(node, attributes) : undefined),
};

function readObject(kind: string, roles: Roles, node: string, { verb, subresource, namespace, name }: ResourceAttributes): Decision {
  if (!['get', 'list', 'watch'].includes(verb)) return deny('can only read resources of this type');
  if (subresource) return deny('cannot read subresource');
  if (!namespace) return deny('can only read namespaced object of this type');
  return related(kind, roles, node, { namespace, name });
}

function getObject(kind: string, roles: Roles, node: string, { verb, subresource, namespace, name }: ResourceAttributes): Decision {
  if (verb !== 'get') return deny('can only get individual resources of this type');
  if (subresource) return deny('cannot get subresource');
  return related(kind, roles, node, { namespace, name });
}

function claimStatus(roles: Roles, node: string, { verb, namespace, name }: ResourceAttributes): Decision {
  if (verb !== 'update' && verb !== 'patch') return deny('can only get/update/patch this type');
  return related('PersistentVolumeClaim', roles, node, { namespace, name });
}

function createToken(roles: Roles, node: string, { verb, subresource, namespace, name }: ResourceAttributes): Decision {
  if (verb !== 'create' || !name) return deny('can only create tokens for individual service accounts');
  if (subresource !== 'token') return deny('can only create token subresource of serviceaccount');
  return related('ServiceAccount', roles, node, { namespace, name });
}

function related(kind: string, roles: Roles, node: string, { namespace, name }: { namespace?: string; name?: string }): Decision {
  if (!name) return deny('No Object name found');
  return isUsedOn(roles, node, { kind, namespace, name }) ? allow : deny(`no relationship found between node '${node}' and this object`);
}

const writing = ['get', 'create', 'update', 'patch', 'delete'];

function ownLease(node: string, { verb, namespace, name }: ResourceAttributes): Decision {
  if (!writing.includes(verb)) return deny('can only get, create, update, patch, or delete a node lease');
  if (namespace !== 'kube-node-lease') return deny('can only access leases in the "kube-node-lease" system namespace');
  return verb === 'create' || name === node ? allow : deny('can only access node lease with the same name as the requesting node');
}

function ownCSINode(node: string, { verb, subresource, name }: ResourceAttributes): Decision {
  if (!writing.includes(verb)) return deny('can only get, create, update, patch, or delete a CSINode');
  if (subresource) return deny('cannot authorize CSINode subresources');
  return verb === 'create' || name === node ? allow : deny('can only access CSINode with the same name as the requesting node');
}

function readPods(roles: Roles, node: string, attributes: ResourceAttributes): Decision | undefined {
  if (attributes.verb === 'get') return attributes.subresource ? undefined : getObject('Pod', roles, node, attributes);
  if (attributes.verb !== 'list' && attributes.verb !== 'watch') return undefined;
  const own = attributes.fieldSelector?.split(',').some((term) => term.replace('==', '=') === `spec.nodeName=${node}`);
  return own ? allow : deny(`can only list/watch pods with spec.nodeName field selector`);
}

function readNodes(node: string, { verb, name = '' }: ResourceAttributes): Decision | undefined {
  if (!['get', 'list', 'watch'].includes(verb) || name === node) return undefined;
  return deny(`node '${node}' cannot read ${name ? `'${name}'` : 'all nodes'}, only its own Node object`);
}
