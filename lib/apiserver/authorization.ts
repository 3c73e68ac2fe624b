// Authorization: may this user do this? The one place that is asked, for every request that comes with a user's groups.
import { StatusError } from '../api/index.ts';
import type { UserInfo } from './authentication.ts';
import { attributesOfPath, type Authorizer as RoleAuthorizer, isResource } from './authorization/index.ts';

/** What is to be done, as authorizers see it. */
export interface AuthorizationAttributes {
  user: UserInfo;
  /** `get`, `list`, `watch`, `create` …; for other paths the method in small letters. */
  verb: string;
  path: string;
  /** Missing for paths outside of the resources, such as `/healthz`. */
  resource?: { group: string; version?: string; plural: string; subresource?: string; namespace?: string; name?: string; fieldSelector?: string };
}

/** Undefined: no opinion, which means no unless somebody else allows it. */
export interface Decision {
  allowed: boolean;
  reason?: string;
}
export type Authorizer = (attributes: AuthorizationAttributes) => Decision | undefined;

/** Node and RBAC authorization, as the server's own roles and bindings say. */
export const byRoles =
  (server: { readonly authorizer: RoleAuthorizer }): Authorizer =>
  ({ user, verb, path, resource }) =>
    server.authorizer.authorize(user, resource ? { ...resource, verb, resource: resource.plural } : { verb, path });

/** Throws Forbidden when nobody allows it. */
export function authorize(attributes: AuthorizationAttributes, among: readonly Authorizer[]): void {
  let reason = '';
  for (const decide of among) {
    const decision = decide(attributes);
    if (decision?.allowed) return;
    if (decision) reason = decision.reason ?? '';
  }
  throw refused(attributes, reason);
}

function refused({ user, verb, path, resource }: AuthorizationAttributes, reason: string): StatusError {
  const who = `User ${JSON.stringify(user.name)}`;
  const why = reason ? `: ${reason}` : '';
  if (!resource) return new StatusError('Forbidden', 403, `forbidden: ${who} cannot ${verb} path ${JSON.stringify(path)}${why}`, {});
  const { group, plural, subresource, namespace, name } = resource;
  const qualified = group ? `${plural}.${group}` : plural;
  const what = name ? `${qualified} ${JSON.stringify(name)}` : qualified;
  const scope = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  const asked = JSON.stringify(subresource ? `${plural}/${subresource}` : plural);
  return new StatusError('Forbidden', 403, `${what} is forbidden: ${who} cannot ${verb} resource ${asked} in API group ${JSON.stringify(group)} ${scope}${why}`, { ...(name && { name }), ...(group && { group }), kind: plural });
}

/** Reads the attributes off a request line, as kube-apiserver's request info does: before anybody knows whether it exists. */
export function attributesOf(user: UserInfo, method: string, url: URL): AuthorizationAttributes {
  const asked = attributesOfPath(method, url.pathname + url.search);
  if (!isResource(asked)) return { user, verb: asked.verb, path: url.pathname };
  const { verb, resource: plural, ...resource } = asked;
  return { user, verb, path: url.pathname, resource: { ...resource, plural } };
}
