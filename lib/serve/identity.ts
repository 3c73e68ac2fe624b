// Who sends a request: the client certificate of its connection, or its Authorization header; and whom it impersonates.
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Version } from '../api/index.ts';
import { type ApiServer, authenticate, authorize, type Credentials, impersonated, unauthorized, type UserInfo } from '../apiserver/index.ts';

type Certificate = Credentials['certificate'];

/** By which certificate somebody came in. */
const credentialId = 'authentication.kubernetes.io/credential-id';
const known = new WeakMap<object, Certificate>();

/** The subject of the connection's client certificate. Throws Unauthorized when our authority has not signed it. */
function certificateOf(socket: TLSSocket, version: Version): Certificate {
  if (known.has(socket)) return known.get(socket);
  const { subject, fingerprint256 } = (socket.getPeerCertificate?.() ?? {}) as { subject?: { CN?: string | string[]; O?: string | string[] }; fingerprint256?: string };
  if (subject && !socket.authorized) throw unauthorized();
  const [commonName = ''] = [subject?.CN ?? []].flat();
  const extra = version.has('certificate-credential-id') && fingerprint256 && { [credentialId]: [`X509SHA256=${fingerprint256.replaceAll(':', '').toLowerCase()}`] };
  const certificate = subject && { commonName, organizations: [subject.O ?? []].flat(), ...(extra && { extra }) };
  known.set(socket, certificate);
  return certificate;
}

/** The token of `Authorization: Bearer …`, or of a WebSocket subprotocol, for browsers cannot set headers. */
function tokenOf({ headers }: IncomingMessage): string | undefined {
  const [, bearer] = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (bearer) return bearer;
  const [, encoded] = /(?:^|,\s*)base64url\.bearer\.authorization\.k8s\.io\.([\w-]+)/.exec(headers['sec-websocket-protocol'] ?? '') ?? [];
  return encoded && Buffer.from(encoded, 'base64url').toString('utf8');
}

export function userOf(request: IncomingMessage, server: ApiServer): UserInfo {
  const user = authenticate({ certificate: certificateOf(request.socket as TLSSocket, server.version), bearerToken: tokenOf(request) }, server.tokens.userOf);
  const other = impersonated(wishOf(request));
  if (!other) return user;
  mayImpersonate(user, other, server);
  return other;
}

function wishOf({ headers, headersDistinct }: IncomingMessage) {
  const prefix = 'impersonate-extra-';
  const extra = Object.entries(headersDistinct).filter(([name]) => name.startsWith(prefix));
  return {
    user: headers['impersonate-user'] as string | undefined,
    groups: headersDistinct['impersonate-group'],
    uid: headers['impersonate-uid'] as string | undefined,
    ...(extra.length > 0 && { extra: Object.fromEntries(extra.map(([name, values]) => [decodeURIComponent(name.slice(prefix.length)), values ?? []])) }),
  };
}

/** Whoever wants to be somebody else must be allowed to impersonate that user and each of the groups. */
function mayImpersonate(user: UserInfo, { name, groups }: UserInfo, { authorizers }: ApiServer): void {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  const may = (plural: string, wanted: string, namespace?: string) =>
    authorize({ user, verb: 'impersonate', path: '', resource: { group: '', version: 'v1', plural, name: wanted, namespace } }, authorizers);
  if (account) may('serviceaccounts', account, namespace);
  else may('users', name);
  for (const group of groups) if (!/^system:(un)?authenticated$|^system:serviceaccounts/.test(group)) may('groups', group);
}
