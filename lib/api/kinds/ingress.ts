// Ingress: in networking.k8s.io/v1 and v1beta1, and up to v1.21 in extensions too.
import { type FieldError, invalid, notSupported, required } from '../field-error.ts';
import { isDNS1035Label, isDNS1123Subdomain, isPathSegment, isValidPortName, isValidPortNum, isWildcardDNS1123Subdomain, parseIP } from '../names.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { invalidAll, setGeneration } from './checks.ts';
import { convertIngress } from './ingress-versions.ts';
import { loadBalancerStatusErrors } from './service-status-checks.ts';

interface Backend {
  service?: { name?: string; port?: { name?: string; number?: number } };
  resource?: Reference;
}
export interface Reference {
  apiGroup?: string | null;
  kind?: string;
  name?: string;
}
interface Path {
  path?: string;
  pathType?: string;
  backend?: Backend;
}
interface Rule {
  host?: string;
  http?: { paths?: Path[] };
}

/** Older versions of the API had other names, and accepted more. */
const isOld = ({ requested }: Context) => requested === 'v1beta1';

export function referenceErrors(field: string, reference: Reference | undefined): FieldError[] {
  if (!reference) return [];
  const { kind = '', name = '' } = reference;
  const apiGroup = reference.apiGroup ?? undefined;
  return [
    ...(apiGroup === undefined ? [] : invalidAll(`${field}.apiGroup`, apiGroup, isDNS1123Subdomain(apiGroup))),
    ...(kind ? invalidAll(`${field}.kind`, kind, isPathSegment(kind)) : [required(`${field}.kind`, 'kind is required')]),
    ...(name ? invalidAll(`${field}.name`, name, isPathSegment(name)) : [required(`${field}.name`, 'name is required')]),
  ];
}

function backendErrors(field: string, { service, resource }: Backend, old: boolean): FieldError[] {
  if (service && resource) return [invalid(field, '', 'cannot set both resource and service backends')];
  if (resource) return referenceErrors(`${field}.resource`, resource);
  if (!service) return [invalid(field, '', 'resource or service backend is required')];
  const { name = '', port = {} } = service;
  const nameField = `${field}.${old ? 'serviceName' : 'service.name'}`;
  const errors = name ? invalidAll(nameField, name, isDNS1035Label(name)) : [required(nameField)];
  if (port.name && port.number) errors.push(invalid(field, '', 'cannot set both port name & port number'));
  else if (port.name) errors.push(...invalidAll(`${field}.${old ? 'servicePort' : 'service.port.name'}`, port.name, isValidPortName(port.name)));
  else if (port.number) errors.push(...invalidAll(`${field}.${old ? 'servicePort' : 'service.port.number'}`, port.number, isValidPortNum(port.number)));
  else errors.push(required(field, 'port name or number is required'));
  return errors;
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const badSequences = ['//', '/./', '/../', '%2f', '%2F'];
const badEnds = ['/..', '/.'];

function pathErrors(field: string, { path = '', pathType, backend = {} }: Path, old: boolean): FieldError[] {
  if (pathType === undefined) return [required(`${field}.pathType`, 'pathType must be specified')];
  const errors: FieldError[] = [];
  const isStrict = pathType === 'Exact' || pathType === 'Prefix';
  if (!pathTypes.includes(pathType)) errors.push(notSupported(`${field}.pathType`, pathType, pathTypes));
  else if ((isStrict || path) && !path.startsWith('/')) errors.push(invalid(`${field}.path`, path, 'must be an absolute path'));
  if (isStrict) {
    errors.push(...badSequences.filter((bad) => path.includes(bad)).map((bad) => invalid(`${field}.path`, path, `must not contain '${bad}'`)));
    errors.push(...badEnds.filter((bad) => path.endsWith(bad)).map((bad) => invalid(`${field}.path`, path, `cannot end with '${bad}'`)));
  }
  return [...errors, ...backendErrors(`${field}.backend`, backend, old)];
}

const hostMessages = (host: string) => (host.includes('*') ? isWildcardDNS1123Subdomain(host) : isDNS1123Subdomain(host));

function ruleErrors(field: string, { host = '', http }: Rule, old: boolean): FieldError[] {
  const errors: FieldError[] = host && parseIP(host) ? [invalid(`${field}.host`, host, 'must be a DNS name, not an IP address')] : [];
  if (host) errors.push(...invalidAll(`${field}.host`, host, hostMessages(host)));
  if (!http || (old && host.includes('*'))) return errors;
  if (!http.paths?.length) errors.push(required(`${field}.http.paths`));
  return [...errors, ...(http.paths ?? []).flatMap((path, i) => pathErrors(`${field}.http.paths[${i}]`, path, old))];
}

function tlsErrors(tls: { hosts?: string[]; secretName?: string }[], old: boolean): FieldError[] {
  return tls.flatMap(({ hosts = [], secretName }, i) => [
    ...hosts.flatMap((host, j) => invalidAll(`spec.tls[${i}].hosts[${j}]`, host, hostMessages(host))),
    ...(secretName && !old ? invalidAll(`spec.tls[${i}].secretName`, secretName, isDNS1123Subdomain(secretName)) : []),
  ]);
}

function specErrors({ spec }: KubeObject, context: Context): FieldError[] {
  const old = isOld(context);
  const { defaultBackend, rules = [], tls = [], ingressClassName } = spec;
  const backend = old ? 'backend' : 'defaultBackend';
  const errors: FieldError[] = [];
  if (rules.length === 0 && !defaultBackend) errors.push({ type: 'FieldValueInvalid', field: 'spec', message: `Invalid value: []networking.IngressRule(nil): either \`${backend}\` or \`rules\` must be specified` });
  if (defaultBackend) errors.push(...backendErrors(`spec.${backend}`, defaultBackend, old));
  errors.push(...rules.flatMap((rule: Rule, i: number) => ruleErrors(`spec.rules[${i}]`, rule, old)), ...tlsErrors(tls, old));
  return ingressClassName === undefined ? errors : [...errors, ...invalidAll('spec.ingressClassName', ingressClassName, isDNS1123Subdomain(ingressClassName))];
}

const annotation = 'kubernetes.io/ingress.class';

function validate(object: KubeObject, context: Context): FieldError[] {
  const value = object.metadata.annotations?.[annotation];
  const twice = value !== undefined && object.spec.ingressClassName !== undefined;
  return [...specErrors(object, context), ...(twice ? [invalid(`annotations.${annotation}`, value, 'can not be set when the class field is also set')] : [])];
}

/** At most three hosts; the count of what is left out goes by rules. */
function hostsText(rules: Rule[] = []): string {
  const hosts: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (hosts.length === 3) more = true;
    else if (host) hosts.push(host);
  }
  return hosts.length === 0 ? '*' : `${hosts.join(',')}${more ? ` + ${rules.length - 3} more...` : ''}`;
}

const addressText = (status: KubeObject['status']) => [...new Set<string>((status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }: { ip?: string; hostname?: string }) => ip || hostname || '').filter(Boolean))].sort().join(',');

export const ingress: Resource = {
  kind: 'Ingress',
  group: 'networking.k8s.io',
  plural: 'ingresses',
  singular: 'ingress',
  shortNames: ['ing'],
  namespaced: true,
  versions: [{ version: 'v1', since: 19 }, { version: 'v1beta1', until: 21 }],
  etcdPath: 'ingress',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  storedAs: 'networking.k8s.io/v1',
  invalidAs: (version) => ({ kind: 'Ingress', plural: 'ingresses', group: version.has('no-extensions-group') ? 'networking.k8s.io' : 'extensions' }),
  convert: convertIngress,
  strategy: {
    repeatedMetadataChecks: ['update', 'object'],
    defaults(draft) {
      draft.spec ??= {};
    },
    prepareForCreate(draft) {
      draft.status = { loadBalancer: {} };
      setGeneration(draft, 1);
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
    },
    validate,
    validateUpdate: (object, _old, context) => specErrors(object, context),
    validateStatusUpdate: loadBalancerStatusErrors,
  },
  columns: [nameColumn, column('Class'), column('Hosts'), column('Address'), column('Ports'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.spec.ingressClassName ?? '<none>', hostsText(object.spec.rules), addressText(object.status), object.spec.tls?.length ? '80, 443' : '80', age(object, now)],
};

/** The same objects in the group where they began. */
export const oldIngress: Resource = { ...ingress, group: 'extensions', versions: [{ version: 'v1beta1', until: 21 }] };
