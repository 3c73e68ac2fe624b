// What a CertificateSigningRequest may say, and which part of it may change when (pkg/apis/certificates/validation).
import { duplicate, type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { isDNS1123Label, isDNS1123Subdomain } from '../names.ts';
import { equal } from '../object.ts';
import type { Context } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { parseRequest, pemBlocks } from '../x509/index.ts';

export interface Condition {
  type?: string;
  status?: string;
  lastUpdateTime?: string | null;
  lastTransitionTime?: string | null;
}

const usages = `any|cert sign|client auth|code signing|content commitment|crl sign|data encipherment|decipher only|digital signature|email protection|encipher only|ipsec end system|ipsec tunnel|ipsec user|key agreement|key encipherment|microsoft sgc|netscape sgc|ocsp signing|s/mime|server auth|signing|timestamping`.split('|');
export const legacy = 'kubernetes.io/legacy-unknown';

function signerErrors(field: string, name: string): FieldError[] {
  if (!name) return [required(field, 'signerName must be provided')];
  const parts = name.split('/');
  if (parts.length !== 2) return [invalid(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  const [domain, path] = parts as [string, string];
  const labels = domain.split('.');
  const bad = (all: string[], check: (label: string) => string[], shown: string) => {
    const label = all.find((one) => check(one).length > 0);
    return label === undefined ? [] : check(label).map((message) => invalid(field, shown, `validating label ${JSON.stringify(label)}: ${message}`));
  };
  return [
    ...bad(labels, isDNS1123Label, domain),
    ...(labels.length < 2 ? [invalid(field, domain, 'should be a domain with at least two segments separated by dots')] : []),
    ...bad(path.split('.'), isDNS1123Subdomain, path),
  ];
}

/** Its form, and whether who asks has the key that the certificate shall be for. */
function requestErrors(request: string | undefined, { authority }: Context): FieldError[] {
  let text = '';
  try {
    text = atob(request ?? '');
  } catch {
    // What is no base64 was refused when it was decoded.
  }
  try {
    authority?.check(parseRequest(text).der);
    return [];
  } catch (error) {
    return [{ type: 'FieldValueInvalid', field: 'spec.request', message: `Invalid value: ${goBytes(text)}: ${(error as Error).message}` }];
  }
}

/** Differs from Kubernetes: what lies in the blocks is not read. */
function certificateErrors(certificate: string): FieldError[] {
  if (!certificate) return [];
  const blocks = pemBlocks(atob(certificate));
  const other = blocks.find(({ type }) => type !== 'CERTIFICATE');
  const why = other ? `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(other.type)}` : blocks.some(({ headers }) => headers) ? 'no PEM block headers are permitted' : blocks.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : '';
  return why ? [invalid('status.certificate', '<certificate data>', why)] : [];
}

/** As %#v prints bytes. */
const goBytes = (text: string) => (text ? `[]byte{${[...text].map((c) => `0x${c.charCodeAt(0).toString(16)}`).join(', ')}}` : '[]byte(nil)');

const isVerdict = (type?: string) => type === 'Approved' || type === 'Denied';

function conditionErrors(conditions: Condition[], { mayDiffer, mayRepeat, mayBeNameless }: Tolerance): FieldError[] {
  const errors: FieldError[] = [];
  conditions.forEach(({ type = '', status = '' }, i) => {
    const at = `status.conditions[${i}]`;
    if (!type && !mayBeNameless) errors.push(required(`${at}.type`));
    const allowed = isVerdict(type) || type === 'Failed' ? ['True'] : ['False', 'True', 'Unknown'];
    if (!status) errors.push(required(`${at}.status`));
    else if (!allowed.includes(status)) errors.push(notSupported(`${at}.status`, status, allowed));
    const before = conditions.slice(0, i);
    if (!mayDiffer && isVerdict(type) && before.some((other) => isVerdict(other.type) && other.type !== type)) errors.push(invalid(`${at}.type`, type, 'Approved and Denied conditions are mutually exclusive'));
    if (!mayRepeat && before.some((other) => other.type === type)) errors.push(duplicate(`${at}.type`, type));
  });
  return errors;
}

/** What is put up with for the sake of v1beta1, and where it is stored already. */
interface Tolerance {
  legacySigner: boolean;
  /** Approved and denied at once. */
  mayDiffer: boolean;
  mayRepeat: boolean;
  mayBeNameless: boolean;
  anyCertificate: boolean;
  unknownUsages: boolean;
  repeatedUsages: boolean;
}

function toleranceOf(object: KubeObject, { requested }: Context, old?: KubeObject): Tolerance {
  const beta = requested === 'v1beta1';
  const conditions: Condition[] = old?.status?.conditions ?? [];
  const types = conditions.map(({ type = '' }) => type);
  const wanted: string[] = old?.spec.usages ?? [];
  const certificate = old?.status?.certificate ?? '';
  return {
    legacySigner: beta || old?.spec.signerName === legacy,
    mayDiffer: types.includes('Approved') && types.includes('Denied'),
    mayRepeat: beta || repeats(types),
    mayBeNameless: beta || types.includes(''),
    anyCertificate: beta || (old !== undefined && (certificate === (object.status?.certificate ?? '') || certificateErrors(certificate).length > 0)),
    unknownUsages: beta || wanted.some((one) => !usages.includes(one)),
    repeatedUsages: beta || repeats(wanted),
  };
}

const repeats = (all: readonly string[]) => new Set(all).size < all.length;

export function validate(object: KubeObject, context: Context, old?: KubeObject): FieldError[] {
  const { spec, status = {} } = object;
  const { usages: wanted = [], signerName = '', request, expirationSeconds } = spec;
  const tolerance = toleranceOf(object, context, old);
  const errors = requestErrors(request, context);
  if (wanted.length === 0) errors.push(required('spec.usages', 'usages must be provided'));
  if (!tolerance.unknownUsages) wanted.forEach((one: string, i: number) => usages.includes(one) || errors.push(notSupported(`spec.usages[${i}]`, one, usages)));
  if (!tolerance.repeatedUsages) wanted.forEach((one: string, i: number) => wanted.indexOf(one) < i && errors.push(duplicate(`spec.usages[${i}]`, one)));
  if (expirationSeconds < 600) errors.push(invalid('spec.expirationSeconds', expirationSeconds, 'may not specify a duration less than 600 seconds (10 minutes)'));
  errors.push(...(!tolerance.legacySigner && signerName === legacy ? [invalid('spec.signerName', signerName, 'the legacy signerName is not allowed via this API version')] : signerErrors('spec.signerName', signerName)));
  return [...errors, ...conditionErrors(status.conditions ?? [], tolerance), ...(tolerance.anyCertificate ? [] : certificateErrors(status.certificate ?? ''))];
}

export const ofType = (object: KubeObject, type: string): Condition[] => (object.status?.conditions ?? []).filter((condition: Condition) => condition.type === type);
const forbidden = (field: string, why: string) => forbiddenField(field, `updates may not ${why}`);

/** What only one of the subresources may change. */
export function changeErrors(object: KubeObject, old: KubeObject, { part, context }: { part: 'status' | 'approval' | ''; context: Context }): FieldError[] {
  const errors: FieldError[] = [];
  for (const type of ['Approved', 'Denied', 'Failed']) if (ofType(object, type).length < ofType(old, type).length) errors.push(forbidden('status.conditions', `remove a condition of type "${type}"`));
  for (const type of part === 'approval' ? [] : ['Approved', 'Denied']) {
    const [now, before] = [ofType(object, type), ofType(old, type)];
    if (now.length > before.length) errors.push(forbidden('status.conditions', `add a condition of type "${type}"`));
    else if (now.length === before.length && !equal(now, before)) errors.push(forbidden('status.conditions', `modify a condition of type "${type}"`));
  }
  if ((object.status?.certificate ?? '') === (old.status?.certificate ?? '')) return errors;
  if (part !== 'status') errors.push(forbidden('status.certificate', 'set certificate content'));
  else if (old.status?.certificate && context.requested !== 'v1beta1') errors.push(forbidden('status.certificate', 'modify existing certificate content'));
  return errors;
}
