// What an authorizer answers, and how a refusal is worded (apiserver/pkg/endpoints/handlers/responsewriters/errors.go).
import { StatusError } from '../../api/index.ts';
import { type Attributes, isResource } from './attributes.ts';
import type { UserInfo } from './user.ts';

export interface Decision {
  allowed: boolean;
  /** Why, where there is something to say. */
  reason: string;
}

/** Texts may not look like HTML. */
const sanitized = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** `User "jane" cannot list resource "pods" in API group "" in the namespace "default"` */
function cannot({ name }: UserInfo, attributes: Attributes): string {
  const who = `User ${JSON.stringify(name)} cannot ${attributes.verb}`;
  if (!isResource(attributes)) return `${who} path ${JSON.stringify(attributes.path)}`;
  const { group, resource, subresource, namespace } = attributes;
  const scope = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  return `${who} resource ${JSON.stringify(subresource ? `${resource}/${subresource}` : resource)} in API group ${JSON.stringify(group)} ${scope}`;
}

/** The 403 of a request that nobody has allowed. */
export function forbiddenRequest(user: UserInfo, attributes: Attributes, reason: string): StatusError {
  const why = sanitized(cannot(user, attributes)) + (reason && `: ${reason}`);
  const { group, resource, name } = isResource(attributes) ? attributes : { group: '', resource: '', name: '' };
  const qualified = group ? `${resource}.${group}` : resource;
  const message = !resource ? `forbidden: ${why}` : name ? `${qualified} ${JSON.stringify(name)} is forbidden: ${why}` : `${qualified} is forbidden: ${why}`;
  return new StatusError('Forbidden', 403, message, { ...(name && { name }), ...(group && { group }), ...(resource && { kind: resource }) });
}
