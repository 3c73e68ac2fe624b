// Who shows a token of a service account: signature, issuer, audience, time, and whether all that it names still lives.
import { isSignedBy, type KubeObject, notFound, readClaims, type TokenSigner } from '../../api/index.ts';
import type { UserInfo } from '../authentication.ts';
import type { ServerParts } from '../parts.ts';
import { accountUser, issuer, legacyClaim, legacyIssuer } from './claims.ts';
import { refusals, type Refusals } from './refusals.ts';

/** Somebody who is known, and for which of the audiences that were asked for. */
export interface Known {
  user: UserInfo;
  audiences: readonly string[];
}

/** What an object that is going may still vouch for, and how far clocks may be apart; milliseconds. */
const leeway = 60_000;

interface Shown {
  token: string;
  claims: Record<string, any>;
  parts: ServerParts;
  texts: Refusals;
}

/** Undefined for what is no token of ours. Throws an Error that says why one of ours is refused. */
export function serviceAccountOfToken(parts: ServerParts, signer: TokenSigner, token: string, audiences: readonly string[]): Known | undefined {
  const { header, claims } = readClaims(token) ?? {};
  if (!header || !claims || (claims['iss'] !== issuer && claims['iss'] !== legacyIssuer)) return undefined;
  const texts = refusals(parts.version);
  if (texts.unknownKey && header['kid'] && header['kid'] !== signer.keyId) throw new Error(texts.unknownKey);
  if (!isSignedBy(signer, token)) throw new Error(texts.badSignature);
  const ofToken: string[] = [claims['aud'] ?? []].flat();
  const meant = ofToken.length > 0 ? ofToken : [issuer];
  const common = meant.filter((audience) => audiences.includes(audience));
  if (common.length === 0) throw new Error(`token audiences ${quoted(meant)} is invalid for the target audiences ${quoted(audiences)}`);
  const shown = { token, claims, parts, texts };
  return { user: claims['iss'] === issuer ? boundUser(shown) : legacyUser(shown), audiences: common };
}

const quoted = (texts: readonly string[]) => `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;

function boundUser({ claims, parts, texts }: Shown): UserInfo {
  const { clock, version } = parts;
  if (clock.now - leeway > claims['exp'] * 1000) throw new Error(texts.expired);
  if (clock.now + leeway < claims['nbf'] * 1000) throw new Error(texts.notYet);
  const { namespace, serviceaccount, pod, secret, node } = claims['kubernetes.io'] ?? {};
  const account = accountOf(parts, namespace, serviceaccount?.name);
  if (isGone(account, clock.now)) throw new Error(texts.deleted(`${namespace}/${serviceaccount.name}`));
  if (account.metadata.uid !== serviceaccount.uid) throw new Error(texts.otherUid('service account', account.metadata.uid, serviceaccount.uid));
  const lives = (kind: 'Secret' | 'Pod' | 'Node', named: { name: string; uid: string } | undefined, inNamespace?: string) => {
    if (!named) return;
    const found = parts.find(kind, { namespace: inNamespace, name: named.name });
    if (!found || isGone(found, clock.now)) throw new Error(texts.invalidated);
    if (found.metadata.uid !== named.uid) throw new Error(texts.otherUid(kind.toLowerCase(), found.metadata.uid, named.uid));
  };
  lives('Secret', secret, namespace);
  lives('Pod', pod, namespace);
  if (!pod) lives('Node', node);
  const extra = Object.entries({
    ...(version.has('token-ids') && claims['jti'] && { 'credential-id': `JTI=${claims['jti']}` }),
    ...(version.has('token-ids') && node && { 'node-name': node.name, 'node-uid': node.uid }),
    ...(pod && { 'pod-name': pod.name, 'pod-uid': pod.uid }),
  }).flatMap(([name, value]) => (value ? [[`authentication.kubernetes.io/${name}`, [value]]] : []));
  return { ...userOf(namespace, account), ...(extra.length > 0 && { extra: Object.fromEntries(extra) }) };
}

const isGone = ({ metadata: { deletionTimestamp } }: KubeObject, now: number) => Boolean(deletionTimestamp && Date.parse(deletionTimestamp) < now - leeway);

function accountOf(parts: ServerParts, namespace: string, name: string): KubeObject {
  const account = parts.find('ServiceAccount', { namespace, name });
  if (!account) throw notFound(parts.resourceOf('ServiceAccount'), name);
  return account;
}

const userOf = (namespace: string, { metadata: { name, uid } }: KubeObject): UserInfo => ({ name: accountUser(namespace, name), uid, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] });

/** A token of a Secret is as good as the Secret: it must lie in there as it is shown. */
function legacyUser({ token, claims, parts, texts }: Shown): UserInfo {
  const [namespace, secretName, name, uid] = Object.values(legacyClaim).map((claim) => String(claims[claim] ?? ''));
  if (claims['sub'] !== accountUser(namespace!, name!)) throw new Error('sub claim is invalid');
  const secret = parts.find('Secret', { namespace, name: secretName! });
  if (!secret || secret.metadata.deletionTimestamp) throw new Error(texts.invalidated);
  if (secret.data?.token !== btoa(token)) throw new Error(texts.otherCopy);
  const account = accountOf(parts, namespace!, name!);
  if (account.metadata.deletionTimestamp) throw new Error(texts.deleted(`${namespace}/${name}`));
  if (account.metadata.uid !== uid) throw new Error(texts.otherUid('service account', account.metadata.uid, uid!));
  return userOf(namespace!, account);
}
