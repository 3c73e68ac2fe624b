// What only the server knows. One value of plain text, so that whoever keeps it can start the same server again.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { base64Url, sha256, type TokenSigner } from '../api/index.ts';
import { createAuthority, type KeyPair } from './certificates.ts';

export interface ServerKeys {
  /** Signs certificates: /etc/kubernetes/pki/ca.crt and ca.key. */
  authority: KeyPair;
  /** Signs tokens of service accounts, PEM: /etc/kubernetes/pki/sa.key. */
  serviceAccounts: string;
}

export async function createKeys(): Promise<ServerKeys> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { authority: (await createAuthority()).keyPair, serviceAccounts: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** ES256. Differs from kubeadm, whose key is RSA: this one is made at once. */
export function tokenSignerOf({ serviceAccounts }: Pick<ServerKeys, 'serviceAccounts'>): TokenSigner {
  const key = createPrivateKey(serviceAccounts);
  const publicKey = createPublicKey(key);
  const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const asJws = { dsaEncoding: 'ieee-p1363' } as const;
  return {
    algorithm: 'ES256',
    keyId: base64Url(sha256(publicKey.export({ type: 'spki', format: 'der' }))),
    publicKey: { kty, crv, x, y },
    sign: (text) => sign('sha256', Buffer.from(text), { key, ...asJws }),
    verify: (text, signature) => verify('sha256', Buffer.from(text), { key: publicKey, ...asJws }, signature),
  };
}
