// The authority that signs what CertificateSigningRequests ask for: real certificates, of which TLS takes those of clients.
import 'reflect-metadata';
import { createPrivateKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { CertificationRequest } from '@peculiar/asn1-csr';
import { AlgorithmIdentifier, Certificate, Extension, Extensions, id_ce_subjectAltName, TBSCertificate, Validity, Version } from '@peculiar/asn1-x509';
import { BasicConstraintsExtension, ExtendedKeyUsageExtension, KeyUsagesExtension, Pkcs10CertificateRequest, SubjectAlternativeNameExtension } from '@peculiar/x509';
import { type CertificateAuthority, pemText } from '../api/index.ts';
import type { KeyPair } from './certificates.ts';
import { checkRequest } from './request-signature.ts';
import { extendedUsagesOf, keyUsagesOf } from './usages.ts';

const ecdsaWithSha256 = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' });

/** A certificate may not begin later than now by the clock of TLS, which a faster cluster leaves behind. */
const backdate = 300_000;

export function authorityOf({ cert, key }: KeyPair): CertificateAuthority {
  const own = new X509Certificate(cert);
  const privateKey = createPrivateKey(key);
  const ca = AsnConvert.parse(own.raw, Certificate).tbsCertificate;
  return {
    notAfter: Date.parse(own.validTo),
    check: checkRequest,
    newKey() {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return { publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })), sign: (bytes) => new Uint8Array(sign('sha256', bytes, privateKey)) };
    },
    expiry: (certificate) => Date.parse(new X509Certificate(certificate).validTo),
    sign(der, { usages, notBefore, notAfter, serialNumber }) {
      const { certificationRequestInfo: asked } = AsnConvert.parse(der, CertificationRequest);
      const tbs = new TBSCertificate({
        version: Version.v3,
        serialNumber: positive(serialNumber),
        signature: ecdsaWithSha256,
        issuer: ca.subject,
        validity: new Validity({ notBefore: new Date(Math.min(notBefore, Date.now() - backdate)), notAfter: new Date(notAfter) }),
        subject: asked.subject,
        subjectPublicKeyInfo: asked.subjectPKInfo,
        extensions: new Extensions([...usageExtensions(usages), ...alternativeNames(der)]),
      });
      const signatureValue = sign('sha256', Buffer.from(AsnConvert.serialize(tbs)), privateKey);
      const signed = new Certificate({ tbsCertificate: tbs, signatureAlgorithm: ecdsaWithSha256, signatureValue: bufferOf(signatureValue) });
      return pemText('CERTIFICATE', new Uint8Array(AsnConvert.serialize(signed)));
    },
  };
}

const bufferOf = (bytes: Uint8Array) => new Uint8Array(bytes).buffer;
/** The shortest bytes of the number; a leading zero keeps it from being read as negative. */
const positive = (hex: string) => bufferOf(Buffer.from(hex.replace(/^(00)+/, '').replace(/^[89a-f]/, '00$&'), 'hex'));
const raw = ({ rawData }: { rawData: ArrayBuffer }): Extension => AsnConvert.parse(rawData, Extension);

function usageExtensions(usages: readonly string[]): Extension[] {
  const [flags, purposes] = [keyUsagesOf(usages), extendedUsagesOf(usages)];
  return [...(flags ? [new KeyUsagesExtension(flags, true)] : []), ...(purposes.length > 0 ? [new ExtendedKeyUsageExtension(purposes)] : []), new BasicConstraintsExtension(false, undefined, true)].map(raw);
}

/** Of all that a request may ask for, only other names of its subject are heard. */
function alternativeNames(request: Uint8Array): Extension[] {
  const asked = new Pkcs10CertificateRequest(bufferOf(request)).getExtension(id_ce_subjectAltName);
  const names = asked && new SubjectAlternativeNameExtension(asked.rawData).names.toJSON().filter(({ type }) => ['dns', 'ip', 'email', 'url'].includes(type));
  return names?.length ? [raw(new SubjectAlternativeNameExtension(names))] : [];
}
