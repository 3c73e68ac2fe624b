// Whether the key that a certificate request names has signed it. What is wrong is said in the words of Go's crypto/x509.
import { constants, createPublicKey, verify } from 'node:crypto';
import { CertificationRequest } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';

interface Algorithm {
  /** The type of key that signs so. */
  key: string;
  hash: string | undefined;
  failure: string;
}

const rsa = (hash: string): Algorithm => ({ key: 'rsa', hash, failure: 'crypto/rsa: verification error' });
const ecdsa = (hash: string): Algorithm => ({ key: 'ec', hash, failure: 'x509: ECDSA verification failure' });

const algorithms: Readonly<Record<string, Algorithm>> = {
  '1.2.840.113549.1.1.5': rsa('sha1'),
  '1.2.840.113549.1.1.11': rsa('sha256'),
  '1.2.840.113549.1.1.12': rsa('sha384'),
  '1.2.840.113549.1.1.13': rsa('sha512'),
  '1.2.840.10045.4.1': ecdsa('sha1'),
  '1.2.840.10045.4.3.2': ecdsa('sha256'),
  '1.2.840.10045.4.3.3': ecdsa('sha384'),
  '1.2.840.10045.4.3.4': ecdsa('sha512'),
  '1.3.101.112': { key: 'ed25519', hash: undefined, failure: 'x509: Ed25519 verification failure' },
};

/** Throws an Error that says why not. Differs from Kubernetes: RSA-PSS is not known. */
export function checkRequest(der: Uint8Array): void {
  const request = AsnConvert.parse(der, CertificationRequest);
  const { certificationRequestInfo: info, signatureAlgorithm, signature } = request;
  const algorithm = algorithms[signatureAlgorithm.algorithm];
  if (!algorithm) throw new Error('x509: cannot verify signature: algorithm unimplemented');
  const key = createPublicKey({ key: Buffer.from(AsnConvert.serialize(info.subjectPKInfo)), format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== algorithm.key) throw new Error(`x509: signature algorithm specifies an ${algorithm.key.toUpperCase()} public key, but have public key of type ${key.asymmetricKeyType}`);
  const signed = Buffer.from(request.certificationRequestInfoRaw ?? AsnConvert.serialize(info));
  const how = algorithm.key === 'rsa' ? { key, padding: constants.RSA_PKCS1_PADDING } : key;
  if (!verify(algorithm.hash, signed, how, Buffer.from(signature))) throw new Error(algorithm.failure);
}
