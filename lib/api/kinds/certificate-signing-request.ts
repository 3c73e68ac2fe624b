import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error.ts';
import { isDNS1123Label, isDNS1123Subdomain } from '../names.ts';
import { equal } from '../object.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';

interface Condition {
  type?: string;
  status?: string;
  lastUpdateTime?: string | null;
  lastTransitionTime?: string | null;
}

const usages = `any|cert sign|client auth|code signing|content commitment|crl sign|data encipherment|decipher only|digital signature|email protection|encipher only|ipsec end system|ipsec tunnel|ipsec user|key agreement|key encipherment|microsoft sgc|netscape sgc|ocsp signing|s/mime|server auth|signing|timestamping`.split('|');
const legacy = 'kubernetes.io/legacy-unknown';

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

/** Differs from Kubernetes: a request is taken at its PEM frame; neither its contents nor its signature are looked at. */
function requestErrors(request: string | undefined): FieldError[] {
  let text = '';
  try {
    text = atob(request ?? '');
  } catch {
    // What is no base64 was refused when it was decoded.
  }
  return /^-----BEGIN CERTIFICATE REQUEST-----[\s\S]+-----END CERTIFICATE REQUEST-----\s*$/m.test(text) ? [] : [{ type: 'FieldValueInvalid', field: 'spec.request', message: `Invalid value: ${goBytes(text)}: PEM block type must be CERTIFICATE REQUEST` }];
}

/** As %#v prints bytes. */
const goBytes = (text: string) => (text ? `[]byte{${[...text].map((c) => `0x${c.charCodeAt(0).toString(16)}`).join(', ')}}` : '[]byte(nil)');

function conditionErrors(conditions: Condition[]): FieldError[] {
  const errors: FieldError[] = [];
  const isVerdict = (type?: string) => type === 'Approved' || type === 'Denied';
  conditions.forEach(({ type = '', status = '' }, i) => {
    const at = `status.conditions[${i}]`;
    if (!type) errors.push(required(`${at}.type`));
    const allowed = isVerdict(type) || type === 'Failed' ? ['True'] : ['False', 'True', 'Unknown'];
    if (!status) errors.push(required(`${at}.status`));
    else if (!allowed.includes(status)) errors.push(notSupported(`${at}.status`, status, allowed));
    const before = conditions.slice(0, i);
    if (isVerdict(type) && before.some((other) => isVerdict(other.type) && other.type !== type)) errors.push(invalid(`${at}.type`, type, 'Approved and Denied conditions are mutually exclusive'));
    if (before.some((other) => other.type === type)) errors.push(duplicate(`${at}.type`, type));
  });
  return errors;
}

function validate({ spec, status = {} }: KubeObject, { requested }: Context): FieldError[] {
  const { usages: wanted = [], signerName = '', request, expirationSeconds } = spec;
  const old = requested === 'v1beta1';
  const errors = requestErrors(request);
  if (wanted.length === 0) errors.push(required('spec.usages', 'usages must be provided'));
  if (!old) {
    wanted.forEach((one: string, i: number) => usages.includes(one) || errors.push(notSupported(`spec.usages[${i}]`, one, usages)));
    wanted.forEach((one: string, i: number) => wanted.indexOf(one) < i && errors.push(duplicate(`spec.usages[${i}]`, one)));
  }
  if (expirationSeconds < 600) errors.push(invalid('spec.expirationSeconds', expirationSeconds, 'may not specify a duration less than 600 seconds (10 minutes)'));
  errors.push(...(!old && signerName === legacy ? [invalid('spec.signerName', signerName, 'the legacy signerName is not allowed via this API version')] : signerErrors('spec.signerName', signerName)));
  return [...errors, ...conditionErrors(status.conditions ?? [])];
}

const ofType = (object: KubeObject, type: string): Condition[] => (object.status?.conditions ?? []).filter((condition: Condition) => condition.type === type);
const forbidden = (field: string, why: string): FieldError => ({ type: 'FieldValueForbidden', field, message: `Forbidden: updates may not ${why}` });

/** What only one of the subresources may change. */
function changeErrors(object: KubeObject, old: KubeObject, subresource: 'status' | 'approval' | ''): FieldError[] {
  const errors: FieldError[] = [];
  for (const type of ['Approved', 'Denied', 'Failed']) if (ofType(object, type).length < ofType(old, type).length) errors.push(forbidden('status.conditions', `remove a condition of type "${type}"`));
  for (const type of subresource === 'approval' ? [] : ['Approved', 'Denied']) {
    const [now, before] = [ofType(object, type), ofType(old, type)];
    if (now.length > before.length) errors.push(forbidden('status.conditions', `add a condition of type "${type}"`));
    else if (now.length === before.length && !equal(now, before)) errors.push(forbidden('status.conditions', `modify a condition of type "${type}"`));
  }
  if (object.status?.certificate === old.status?.certificate) return errors;
  if (subresource !== 'status') errors.push(forbidden('status.certificate', 'set certificate content'));
  else if (old.status?.certificate) errors.push(forbidden('status.certificate', 'modify existing certificate content'));
  return errors;
}

/** A write of status leaves the verdict as it is. */
function keepVerdicts(draft: KubeObject, old: KubeObject): void {
  for (const type of ['Approved', 'Denied']) {
    const [now, before] = [ofType(draft, type), ofType(old, type)];
    if (now.length === before.length && now.length > 0) draft.status.conditions = draft.status.conditions.map((condition: Condition) => (condition.type === type ? before[now.indexOf(condition)] : condition));
  }
}

/** When a condition came about, and when it was last written. */
function stamp(draft: KubeObject, old: KubeObject, now: string): void {
  for (const condition of (draft.status?.conditions ?? []) as Condition[]) {
    condition.lastUpdateTime ??= now;
    const before = (old.status?.conditions ?? []).find(({ type, status }: Condition) => type === condition.type && status === condition.status);
    condition.lastTransitionTime ??= before?.lastTransitionTime ?? now;
  }
}

function text({ status = {} }: KubeObject): string {
  const has = (type: string) => status.conditions?.some((condition: Condition) => condition.type === type);
  return [has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending', ...(has('Failed') ? ['Failed'] : []), ...(status.certificate ? ['Issued'] : [])].join(',');
}

const seconds = ({ spec }: KubeObject) => (spec?.expirationSeconds === undefined ? '<none>' : `${spec.expirationSeconds}s`);

export const certificateSigningRequest: Resource = {
  kind: 'CertificateSigningRequest',
  group: 'certificates.k8s.io',
  plural: 'certificatesigningrequests',
  singular: 'certificatesigningrequest',
  shortNames: ['csr'],
  namespaced: false,
  versions: [{ version: 'v1', since: 19 }, { version: 'v1beta1', until: 21 }],
  etcdPath: 'certificatesigningrequests',
  verbs: allVerbs,
  subresources: [{ name: 'approval', verbs: ['get', 'patch', 'update'] }, { name: 'status', verbs: ['get', 'patch', 'update'] }],
  strategy: {
    asksWho: true,
    generation: false,
    repeatedMetadataChecks: ['update', 'object'],
    validateName: () => [],
    defaults(draft, { requested }) {
      const spec = (draft.spec ??= {});
      if (requested !== 'v1beta1') return;
      spec.usages ??= ['digital signature', 'key encipherment'];
      spec.signerName ??= legacy;
    },
    prepareForCreate(draft, { user }) {
      for (const field of ['username', 'uid', 'groups', 'extra']) delete draft.spec[field];
      if (user) Object.assign(draft.spec, { username: user.name, ...(user.groups && { groups: [...user.groups] }) });
      draft.status = {};
    },
    prepareForUpdate(draft, old) {
      draft.spec = old.spec;
      draft.status = old.status;
    },
    prepareForStatusUpdate(draft, old, { now, subresource }) {
      if (subresource === 'approval') draft.status = { ...old.status, conditions: draft.status?.conditions };
      else keepVerdicts(draft, old);
      if (!draft.status?.conditions) delete draft.status?.conditions;
      stamp(draft, old, now);
    },
    validate,
    validateUpdate: (object, old, context) => [...validate(object, context), ...changeErrors(object, old, '')],
    validateStatusUpdate: (object, old, context) => [...validate(object, context), ...changeErrors(object, old, context.subresource === 'approval' ? 'approval' : 'status')],
    fields: ({ spec }) => ({ 'spec.signerName': spec?.signerName ?? '' }),
  },
  columns: (version) => [nameColumn, ageColumn, column('SignerName'), column('Requestor'), ...(version.has('csr-duration') ? [column('RequestedDuration')] : []), column('Condition')],
  cells: (object, now, version) => [object.metadata.name, age(object, now), object.spec?.signerName || '<none>', object.spec?.username ?? '', ...(version.has('csr-duration') ? [seconds(object)] : []), text(object)],
};
