// How X.509 says what a certificate is for (pkg/controller/certificates/authority/policies.go).
import { KeyUsageFlags } from '@peculiar/x509';

const flags: Readonly<Record<string, number>> = {
  signing: KeyUsageFlags.digitalSignature,
  'digital signature': KeyUsageFlags.digitalSignature,
  'content commitment': KeyUsageFlags.nonRepudiation,
  'key encipherment': KeyUsageFlags.keyEncipherment,
  'key agreement': KeyUsageFlags.keyAgreement,
  'data encipherment': KeyUsageFlags.dataEncipherment,
  'cert sign': KeyUsageFlags.keyCertSign,
  'crl sign': KeyUsageFlags.cRLSign,
  'encipher only': KeyUsageFlags.encipherOnly,
  'decipher only': KeyUsageFlags.decipherOnly,
};

/** Object identifiers, in the order in which Go writes them. */
const purposes: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  's/mime': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
};

/** Throws where a usage is of neither kind, as v1beta1 takes any words. */
export function keyUsagesOf(usages: readonly string[]): number {
  const unknown = usages.filter((usage) => !(usage in flags) && !(usage in purposes));
  if (unknown.length > 0) throw new Error(`error auto signing csr: unrecognized usage values: [${unknown.map((usage) => JSON.stringify(usage)).join(' ')}]`);
  return usages.reduce((sum, usage) => sum | (flags[usage] ?? 0), 0);
}

export const extendedUsagesOf = (usages: readonly string[]): string[] => [...new Set(Object.entries(purposes).filter(([usage]) => usages.includes(usage)).map(([, purpose]) => purpose))];
