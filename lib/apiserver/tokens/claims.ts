// What a token of a service account says (pkg/serviceaccount/claims.go, legacy.go).
import type { KubeObject } from '../../api/index.ts';
import type { ServerParts } from '../parts.ts';

/** kubeadm's `--service-account-issuer`; the API server is also the audience of tokens that name none. */
export const issuer = 'https://kubernetes.default.svc.cluster.local';
export const legacyIssuer = 'kubernetes/serviceaccount';

const prefix = 'kubernetes.io/serviceaccount';
export const legacyClaim = { namespace: `${prefix}/namespace`, secret: `${prefix}/secret.name`, name: `${prefix}/service-account.name`, uid: `${prefix}/service-account.uid` };

export const accountUser = (namespace: string, name: string) => `system:serviceaccount:${namespace}:${name}`;

/** The projected volume's token lives this long; a client that has not learned to read it again may use it for a year. */
export const warnOnlySeconds = 3607;
export const extendedSeconds = 24 * 365 * 60 * 60;

export interface Bound {
  pod?: KubeObject;
  secret?: KubeObject;
  /** The node that is named, or that of the pod; without a uid when it is gone. */
  node?: { metadata: { name: string; uid?: string } };
}

interface Terms {
  bound: Bound;
  audiences: readonly string[];
  /** How long it lives, and when its use is noted; seconds. */
  seconds: number;
  warnAfter?: number;
}

const reference = (object: { metadata: { name: string; uid?: string } } | undefined) => object && { name: object.metadata.name, uid: object.metadata.uid };

export function boundClaims({ metadata: { namespace, name, uid } }: KubeObject, { bound, audiences, seconds, warnAfter }: Terms, { clock, version, random }: Pick<ServerParts, 'clock' | 'version' | 'random'>): object {
  const now = Math.floor(clock.now / 1000);
  const node = version.has('token-ids') ? reference(bound.node) : undefined;
  return {
    iss: issuer,
    sub: accountUser(namespace!, name),
    aud: audiences,
    iat: now,
    nbf: now,
    exp: now + seconds,
    ...(version.has('token-ids') && { jti: random.uuid() }),
    'kubernetes.io': { namespace, serviceaccount: { name, uid }, pod: reference(bound.pod), secret: reference(bound.secret), node, ...(warnAfter && { warnafter: now + warnAfter }) },
  };
}

/** A token without an end, as it lies in a Secret of type kubernetes.io/service-account-token. */
export function legacyClaims({ metadata: { namespace, name, uid } }: KubeObject, secret: string): object {
  const { namespace: inNamespace, secret: ofSecret, name: named, uid: withUid } = legacyClaim;
  return { iss: legacyIssuer, sub: accountUser(namespace!, name), [inNamespace]: namespace, [ofSecret]: secret, [named]: name, [withUid]: uid };
}

