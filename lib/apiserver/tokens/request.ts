// POST serviceaccounts/NAME/token: a token for an account (pkg/registry/core/serviceaccount/storage/token.go).
import { badRequest, conflict, type FieldError, invalid, invalidObject, type KubeObject, type Manifest, signedClaims, type TokenSigner } from '../../api/index.ts';
import { timestamp } from '../../sim/index.ts';
import type { ServerParts } from '../parts.ts';
import type { ApiRequest } from '../request.ts';
import { type Bound, boundClaims, extendedSeconds, issuer, warnOnlySeconds } from './claims.ts';

const kind = { group: 'authentication.k8s.io', plural: '', kind: 'TokenRequest' };

/** Differs from Kubernetes: the answer has no managed fields, which say who has asked. */
export function requestToken(parts: ServerParts, signer: TokenSigner, { resource, namespace = '', name = '', object = {} }: ApiRequest): KubeObject {
  const { version, storage, clock } = parts;
  const names = version.has('token-request-names-account');
  if (names) checkNames(object, { namespace, name });
  const { audiences, expirationSeconds: seconds = 3600, boundObjectRef } = withoutNulls(object.spec ?? {});
  if (!names) checkLifetime(seconds);
  const account = storage.get(resource, namespace, name);
  if (names) checkLifetime(seconds);
  const bound = boundObjectRef ? boundTo(parts, boundObjectRef, { namespace, account: name }) : {};
  const meant: string[] = audiences?.length ? audiences : [issuer];
  const extended = version.has('bound-service-account-token-volume') && bound.pod && seconds === warnOnlySeconds && meant.every((audience) => audience === issuer);
  const claims = boundClaims(account, { bound, audiences: meant, seconds: extended ? extendedSeconds : seconds, ...(extended && { warnAfter: seconds }) }, parts);
  return {
    kind: kind.kind,
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: null, ...object.metadata, ...(names && { name, namespace, creationTimestamp: clock.timestamp() }) },
    spec: { audiences: meant, expirationSeconds: seconds, boundObjectRef: boundObjectRef ?? null },
    status: { token: signedClaims(signer, claims), expirationTimestamp: timestamp(clock.now + seconds * 1000) },
  } as unknown as KubeObject;
}

const withoutNulls = (spec: object): Record<string, any> => Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== null));

function checkNames({ metadata = {} }: Manifest, { namespace, name }: { namespace: string; name: string }): void {
  if (metadata.namespace && metadata.namespace !== namespace) throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (metadata.name && metadata.name !== name) throw invalidObject(kind, name, [invalid('metadata.name', metadata.name, 'must match the service account name if specified')]);
}

function checkLifetime(seconds: number): void {
  const errors: FieldError[] = [];
  if (seconds < 600) errors.push(invalid('spec.expirationSeconds', seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > 2 ** 32) errors.push(invalid('spec.expirationSeconds', seconds, 'may not specify a duration larger than 2^32 seconds'));
  if (errors.length > 0) throw invalidObject(kind, '', errors);
}

interface Reference {
  kind?: string;
  apiVersion?: string;
  name?: string;
  uid?: string;
}

/** The object with which the token ends. */
function boundTo(parts: ServerParts, reference: Reference, { namespace, account }: { namespace: string; account: string }): Bound {
  const { group, version, kind = '' } = groupVersionKind(reference);
  const { name = '', uid } = reference;
  const get = (of: string, inNamespace?: string) => parts.storage.get(parts.resourceOf(of), inNamespace, name);
  const bound: Bound = {};
  let found: KubeObject;
  if (group === '' && kind === 'Pod') {
    found = bound.pod = get('Pod', namespace);
    if (found.spec.serviceAccountName !== account) throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`);
    if (found.spec.nodeName) bound.node = parts.find('Node', { name: found.spec.nodeName }) ?? { metadata: { name: found.spec.nodeName } };
  } else if (group === '' && kind === 'Secret') found = bound.secret = get('Secret', namespace);
  else if (group === '' && kind === 'Node' && parts.version.has('token-node-binding')) bound.node = found = get('Node');
  else throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  if (uid && uid !== found.metadata.uid) {
    throw conflict({ group, kind, plural: kind }, name, `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`);
  }
  return bound;
}

/** An apiVersion that is none counts as empty. */
function groupVersionKind({ apiVersion = '', kind }: Reference): { group: string; version: string; kind?: string } {
  const parts = apiVersion.split('/');
  if (parts.length > 2) return { group: '', version: '', kind };
  const [version = '', group = ''] = parts.reverse();
  return { group, version, kind };
}
