// CertificateSigningRequests in `kubectl describe`: who asks, and for whom.
import { formatLabels, type KubeObject, parseRequest } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import type { Call } from '../session.ts';
import { rfc1123 } from '../text/duration.ts';
import { describeEvents } from './events.ts';
import type { Writer } from './writer.ts';

const inSubject = { Organization: 'O', 'Organizational Unit': 'OU', Country: 'C', Locality: 'L', Province: 'ST', StreetAddress: 'STREET', PostalCode: 'POSTALCODE' };

export function describeCertificateSigningRequest(w: Writer, object: KubeObject, call: Call): void {
  const { metadata, spec, status = {} } = object;
  const request = read(spec.request);
  w.field(0, 'Name', metadata.name).field(0, 'Labels', formatLabels(metadata.labels)).field(0, 'Annotations', formatLabels(metadata.annotations));
  w.field(0, 'CreationTimestamp', rfc1123(metadata.creationTimestamp)).field(0, 'Requesting User', spec.username ?? '');
  if (spec.signerName) w.field(0, 'Signer', spec.signerName);
  if (spec.expirationSeconds !== undefined) w.field(0, 'Requested Duration', goDuration(spec.expirationSeconds));
  w.field(0, 'Status', verdict(status)).line(0, 'Subject:');
  const { subject, dnsNames, emailAddresses, uris, ipAddresses } = request;
  w.line(0, `\tCommon Name:\t${subject.CN?.at(-1) ?? ''}`).line(0, `\tSerial Number:\t${subject.SERIALNUMBER?.at(-1) ?? ''}`);
  for (const [title, key] of Object.entries(inSubject)) list(w, title, subject[key] ?? []);
  if (dnsNames.length + emailAddresses.length + uris.length + ipAddresses.length > 0) w.line(0, 'Subject Alternative Names:');
  for (const [title, values] of Object.entries({ 'DNS Names': dnsNames, 'Email Addresses': emailAddresses, URIs: uris, 'IP Addresses': ipAddresses })) list(w, title, values);
  describeEvents(w, call, object);
}

function read(base64: string) {
  try {
    return parseRequest(atob(base64));
  } catch (error) {
    throw new CommandError(`Error parsing CSR: ${(error as Error).message}`);
  }
}

function list(w: Writer, title: string, values: readonly string[]): void {
  if (values.length > 0) w.line(0, `\t${title}:\t${values.join('\n\t\t')}`);
}

function verdict({ conditions = [], certificate }: { conditions?: { type: string }[]; certificate?: string }): string {
  const has = (name: string) => conditions.some(({ type }) => type === name);
  return `${has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'}${has('Failed') ? ',Failed' : ''}${certificate ? ',Issued' : ''}`;
}

/** As kubectl writes a length of time: `24h`. */
function goDuration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours > 0 && minutes + rest === 0 ? `${hours}h` : `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${rest}s`;
}
