// Why a token is refused, in the words of each release; a TokenReview shows them, everybody else sees Unauthorized.
import type { Version } from '../../api/index.ts';

export interface Refusals {
  expired: string;
  notYet: string;
  invalidated: string;
  otherCopy: string;
  badSignature: string;
  /** Only where keys are chosen by their id. */
  unknownKey?: string;
  deleted(account: string): string;
  /** `what` is `service account`, `secret`, `pod` or `node`. */
  otherUid(what: string, present: string, claimed: string): string;
}

const former: Refusals = {
  expired: 'Token has expired.',
  notYet: 'Token could not be validated.',
  invalidated: 'Token has been invalidated',
  otherCopy: "Token does not match server's copy",
  badSignature: 'square/go-jose: error in cryptographic primitive',
  deleted: (account) => `ServiceAccount ${account} has been deleted`,
  otherUid: (what, present, claimed) => `${what === 'service account' ? 'ServiceAccount' : `${what[0]!.toUpperCase()}${what.slice(1)}`} UID (${present}) does not match claim (${claimed})`,
};

const present: Refusals = {
  expired: 'service account token has expired',
  notYet: 'service account token is not valid yet',
  invalidated: 'service account token has been invalidated',
  otherCopy: "service account token does not match server's copy",
  badSignature: 'go-jose/go-jose: error in cryptographic primitive',
  deleted: (account) => `service account ${account} has been deleted`,
  otherUid: (what, present, claimed) => `${what} UID (${present}) does not match ${what === 'service account' ? 'claim' : `service account ${what} ref claim`} (${claimed})`,
};

export function refusals(version: Version): Refusals {
  const texts = version.has('token-error-texts') ? present : former;
  return version.has('token-key-ids') ? { ...texts, unknownKey: 'invalid signature, no keys found' } : texts;
}
