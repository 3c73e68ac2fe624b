// Bearer tokens: who shows one, and the answers to TokenRequest and TokenReview.
import { badRequest, hs256, type KubeObject, signedClaims, type TokenSigner } from '../../api/index.ts';
import type { Random } from '../../sim/index.ts';
import { authenticated, type TokenAuthenticator, type UserInfo } from '../authentication.ts';
import type { ServerParts } from '../parts.ts';
import type { ApiRequest } from '../request.ts';
import { bootstrapperOfToken } from './bootstrap.ts';
import { issuer, legacyClaims } from './claims.ts';
import { requestToken } from './request.ts';
import { type Known, serviceAccountOfToken } from './service-accounts.ts';

/** Who shows the token, or why nobody does. */
type Checked = Known | { error: string };

export class Tokens {
  /** The key of service accounts' tokens. A token that another key has signed is worth nothing. */
  signer: TokenSigner;
  /** Other ways to know a token (a list of tokens, say); they are asked first. */
  readonly others: TokenAuthenticator[] = [];
  /** Where the API server says it can be reached. */
  address = 'https://10.0.0.10:6443';
  #parts: ServerParts;

  constructor(parts: ServerParts, signer: TokenSigner) {
    this.#parts = { ...parts, random: parts.random.fork('tokens') };
    this.signer = signer;
  }

  /** Who sends a request with this token. */
  readonly userOf: TokenAuthenticator = (token) => {
    const checked = this.check(token, [issuer]);
    return 'user' in checked ? checked.user : undefined;
  };

  /** Differs from Kubernetes: nothing is remembered, so that a revoked token ends at once; there it may live for ten more seconds. */
  check(token: string, audiences: readonly string[]): Checked {
    const agnostic = audiences.filter((audience) => audience === issuer);
    const anyAudience = (lookUp: TokenAuthenticator) => (): Known | undefined => {
      const user = agnostic.length > 0 ? lookUp(token) : undefined;
      return user && { user, audiences: agnostic };
    };
    const ways = [...this.others.map(anyAudience), () => serviceAccountOfToken(this.#parts, this.signer, token, audiences), anyAudience((one) => bootstrapperOfToken(this.#parts, one))];
    const errors = new Set(['invalid bearer token']);
    for (const way of ways) {
      try {
        const known = way();
        if (known) return known;
      } catch (error) {
        errors.add((error as Error).message);
      }
    }
    return { error: errors.size > 1 ? `[${[...errors].join(', ')}]` : [...errors].join() };
  }

  /** POST serviceaccounts/NAME/token. */
  request(request: ApiRequest): KubeObject {
    return requestToken(this.#parts, this.signer, request);
  }

  /** What the token controller puts into a Secret of an account. */
  ofSecret(account: KubeObject, secretName: string): string {
    return signedClaims(this.signer, legacyClaims(account, secretName));
  }

  /** POST tokenreviews. Differs from Kubernetes: the answer has no managed fields. */
  review({ object = {}, version = 'v1' }: ApiRequest): KubeObject {
    const spec = object.spec ?? {};
    if (!spec.token) throw badRequest('token is required for TokenReview in authentication');
    const checked = this.check(spec.token, spec.audiences?.length ? spec.audiences : [issuer]);
    const status = 'user' in checked ? { authenticated: true, user: shownUser(authenticated(checked.user)), audiences: checked.audiences } : { user: {}, error: checked.error };
    return { kind: 'TokenReview', apiVersion: `authentication.k8s.io/${version}`, metadata: { creationTimestamp: null, ...object.metadata }, spec, status } as unknown as KubeObject;
  }
}

/**
 * The key of a cluster inside a process, which nobody can reach from outside: the same for the same seed.
 * Differs from Kubernetes: the signature is HS256, a shared secret; a served cluster has keys of its own.
 */
export function seededSigner(random: Random): TokenSigner {
  const draws = random.fork('service account key');
  return hs256(`${draws.uuid()}${draws.uuid()}`);
}

/** A user as the API shows it. */
export const shownUser = ({ name, uid, groups, extra }: UserInfo) => ({ username: name, ...(uid && { uid }), groups, ...(extra && { extra }) });
