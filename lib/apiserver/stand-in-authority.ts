// The authority of a cluster inside a process, which nobody can reach from outside.
import { type CertificateAuthority, parseRequest, pemBlocks, pemText } from '../api/index.ts';
import { timestamp } from '../sim/index.ts';

const tenYears = 10 * 365 * 86_400_000;
const [utf8, fromUtf8] = [new TextEncoder(), new TextDecoder()];

/** Differs from Kubernetes: a certificate holds words that no TLS library would take, and nobody has to prove that he has the key. */
export const standInAuthority = (since: number): CertificateAuthority => ({
  notAfter: since + tenYears,
  check: () => {},
  sign(request, { usages, notBefore, notAfter, serialNumber }) {
    const { der: _, ...names } = parseRequest(pemText('CERTIFICATE REQUEST', request));
    const words = { issuer: 'kubernetes', serialNumber, notBefore: timestamp(notBefore), notAfter: timestamp(notAfter), ...names, usages };
    return pemText('CERTIFICATE', utf8.encode(JSON.stringify(words)));
  },
  expiry(certificate) {
    const [block] = pemBlocks(certificate);
    const [, time] = /"notAfter":"([^"]+)"/.exec(block ? fromUtf8.decode(block.bytes) : '') ?? [];
    return time === undefined ? undefined : Date.parse(time);
  },
});
