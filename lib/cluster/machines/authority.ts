// The authority that signs for a cluster of machines: the one that kubeadm has made, whose certificates are words.
import { type CertificateAuthority, parseRequest, pemText } from '../../api/index.ts';
import { readCertificate } from '../../etcd/index.ts';

interface Words {
  subject?: string;
  publicKey?: string;
  notAfter?: number;
}

const pem = (words: object) => pemText('CERTIFICATE', new TextEncoder().encode(JSON.stringify(words)));

/** Differs from Kubernetes: nobody has to prove that he has the key of a request. */
export function authorityOf(certificate: string): CertificateAuthority {
  const { subject: issuer = 'kubernetes', publicKey: signedBy = '', notAfter = 0 } = (readCertificate(certificate) ?? {}) as Words;
  return {
    notAfter,
    check() {},
    sign(request, { usages, notBefore, notAfter: end, serialNumber }) {
      const { subject } = parseRequest(pemText('CERTIFICATE REQUEST', request));
      return pem({ subject: subject['CN']?.[0] ?? '', organization: subject['O']?.[0], usages, issuer, notBefore, notAfter: end, publicKey: serialNumber, signedBy });
    },
    expiry: (text) => (readCertificate(text) as Words | undefined)?.notAfter,
  };
}
