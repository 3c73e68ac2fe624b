// Where others learn to check tokens themselves (OpenID Connect discovery, RFC 7517; pkg/serviceaccount/openidmetadata.go).
import type { HttpResponse } from '../http.ts';
import { issuer } from './claims.ts';
import type { Tokens } from './tokens.ts';

/** Undefined for other paths. Differs from Kubernetes: a key that is a shared secret has no public half to show. */
export function issuerDiscovery(path: string, { signer: { algorithm, keyId, publicKey }, address }: Tokens): HttpResponse | undefined {
  const trimmed = path.replace(/\/$/, '');
  if (trimmed === '/openid/v1/jwks') {
    const keys = publicKey ? [{ use: 'sig', kty: publicKey['kty'], kid: keyId, ...(publicKey['crv'] && { crv: publicKey['crv'] }), alg: algorithm, ...publicKey }] : [];
    return { code: 200, type: 'application/jwk-set+json', body: JSON.stringify({ keys }), headers };
  }
  if (trimmed !== '/.well-known/openid-configuration') return undefined;
  const document = { issuer, jwks_uri: `${address}/openid/v1/jwks`, response_types_supported: ['id_token'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: [algorithm] };
  return { code: 200, type: 'application/json', body: JSON.stringify(document), headers };
}

const headers = { 'Cache-Control': 'public, max-age=3600' };
