// Authorization: may this user do this? The one place that is asked, for every request that comes with a user's groups.
import { StatusError } from '../api/index.ts';
import type { UserInfo } from './authentication.ts';
import { routeOf } from './route.ts';

/** What is to be done, as authorizers see it. */
export interface AuthorizationAttributes {
  user: UserInfo;
  /** `get`, `list`, `watch`, `create` …; for other paths the method in small letters. */
  verb: string;
  path: string;
  /** Missing for paths outside of the resources, such as `/healthz`. */
  resource?: { group: string; version: string; plural: string; subresource?: string; namespace?: string; name?: string };
}

/** Undefined: no opinion, which means no unless somebody else allows it. */
export interface Decision {
  allowed: boolean;
  reason?: string;
}
export type Authorizer = (attributes: AuthorizationAttributes) => Decision | undefined;

const superusers = 'system:masters';
const publicPaths = /^\/(healthz|livez|readyz|version)\/?$/;
const discoveryPaths = /^\/(api|apis|openapi)(\/|$)/;

/** `system:masters` may do everything, before anybody else is asked. */
export const alwaysAllowMasters: Authorizer = ({ user }) => (user.groups.includes(superusers) ? { allowed: true } : undefined);

/** What the roles system:public-info-viewer and system:discovery give everybody. */
export const publicInformation: Authorizer = ({ user, verb, path, resource }) => {
  if (resource || verb !== 'get') return undefined;
  const known = user.groups.includes('system:authenticated');
  return publicPaths.test(path) || (known && discoveryPaths.test(path)) ? { allowed: true } : undefined;
};

/** What the role system:basic-user gives: everybody may ask who they are. */
export const basicUser: Authorizer = ({ user, verb, resource }) => {
  const asks = verb === 'create' && resource?.group === 'authentication.k8s.io' && resource.plural === 'selfsubjectreviews';
  return asks && user.groups.includes('system:authenticated') ? { allowed: true } : undefined;
};

/** Differs from Kubernetes: there is no RBAC yet; who is no administrator may read what everybody may. */
export const authorizers: readonly Authorizer[] = [alwaysAllowMasters, publicInformation, basicUser];

/** Throws Forbidden when nobody allows it. */
export function authorize(attributes: AuthorizationAttributes, among: readonly Authorizer[] = authorizers): void {
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

const verbs: Record<string, string> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

/** Reads the attributes off a request line, as kube-apiserver's request info does: before anybody knows whether it exists. */
export function attributesOf(user: UserInfo, method: string, url: URL): AuthorizationAttributes {
  const path = url.pathname;
  const route = routeOf(path);
  if (!route) return { user, verb: method.toLowerCase(), path };
  const { group, version, plural, subresource, namespace, name, watch } = route;
  const watching = watch || ['1', 'true'].includes(url.searchParams.get('watch') ?? '');
  const reading = watching && !subresource ? 'watch' : name ? 'get' : 'list';
  const verb = method === 'GET' || method === 'HEAD' ? reading : method === 'DELETE' ? (name ? 'delete' : 'deletecollection') : (verbs[method] ?? method.toLowerCase());
  return { user, verb, path, resource: { group, version, plural, subresource, namespace, name } };
}
