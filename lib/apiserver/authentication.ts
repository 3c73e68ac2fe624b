// Authentication: who a request comes from. Credentials are values; where they come from (TLS, headers) is the caller's matter.
import { badRequest, StatusError } from '../api/index.ts';

/** What Kubernetes knows of a user. Groups decide most of what they may do. */
export interface UserInfo {
  name: string;
  uid?: string;
  groups: readonly string[];
  extra?: Readonly<Record<string, readonly string[]>>;
}

export interface Credentials {
  /** The subject of a certificate that the server's authority has signed: CN and O. */
  certificate?: { commonName: string; organizations: readonly string[]; extra?: UserInfo['extra'] };
  /** What follows `Bearer ` in the Authorization header. */
  bearerToken?: string;
}

/** Looks a token up; undefined when it is nobody's. Throws an Error that says why one that it knows is refused. */
export type TokenAuthenticator = (token: string) => UserInfo | undefined;

const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** The user of a request. Throws Unauthorized for credentials that nobody has; without any it is `system:anonymous`. */
export function authenticate({ certificate, bearerToken }: Credentials, lookUp: TokenAuthenticator = () => undefined): UserInfo {
  if (certificate) return authenticated({ name: certificate.commonName, groups: certificate.organizations, ...(certificate.extra && { extra: certificate.extra }) });
  if (bearerToken === undefined || bearerToken === '') return anonymous;
  const user = lookUp(bearerToken);
  if (!user) throw unauthorized();
  return authenticated(user);
}

export const authenticated = (user: UserInfo): UserInfo => ({ ...user, groups: [...new Set([...user.groups, 'system:authenticated'])] });

export const unauthorized = () => new StatusError('Unauthorized', 401, 'Unauthorized');

/** `--as`, `--as-group`, `--as-uid`: whom a request wants to be taken for. */
export interface Impersonation {
  user?: string;
  groups?: readonly string[];
  uid?: string;
  extra?: Readonly<Record<string, readonly string[]>>;
}

/** The impersonated user, undefined when none is asked for. */
export function impersonated({ user, groups = [], uid, extra }: Impersonation): UserInfo | undefined {
  if (!user) {
    if (groups.length === 0 && !uid && !extra) return undefined;
    throw badRequest(`requested [${[...groups.map((group) => `{Group  ${group}  v1  }`), ...(uid ? [`{UID  ${uid}  authentication.k8s.io/v1  }`] : [])].join(' ')}] without impersonating a user`);
  }
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(user);
  const implied = account && groups.length === 0 ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : [];
  const own = user === anonymous.name ? 'system:unauthenticated' : 'system:authenticated';
  return { name: user, groups: [...new Set([...groups, ...implied, ...(groups.includes('system:unauthenticated') ? [] : [own])])], ...(uid && { uid }), ...(extra && { extra }) };
}
