// Validation of the linked address fields of a Service: clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy.
import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error.ts';
import { isValidIP, parseIP } from '../names.ts';
import type { Context } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { invalidAll, invalidList } from './checks.ts';
import { settledFamilies } from './service-families.ts';

const families = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const at = 'spec.clusterIPs';

export const isHeadless = ({ spec }: KubeObject) => spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === 'None';

/** How the fields fit together, and the cluster that is to give the addresses. */
export function addressErrors(service: KubeObject, old: KubeObject | undefined, { version, ipFamilies = ['IPv4'] }: Context): FieldError[] {
  const errors = relatedAddressErrors(service);
  return errors.length > 0 || !version.has('service-ip-families') ? errors : settledFamilies(service.spec, old?.spec, ipFamilies).errors;
}

export function relatedAddressErrors(service: KubeObject): FieldError[] {
  const { spec } = service;
  if (spec.type === 'ExternalName') return [];
  const ips: string[] = spec.clusterIPs ?? [];
  const errors = [...agreementErrors(spec), ...familyErrors(spec)];
  let isBroken = false;
  for (const [i, ip] of ips.entries()) {
    if (i === 0 && ip === 'None') {
      if (ips.length > 1) errors.push(invalidList(at, ips, "'None' must be the first and only value"));
      isBroken ||= ips.length > 1;
      continue;
    }
    const messages = isValidIP(ip);
    isBroken ||= messages.length > 0;
    errors.push(...invalidAll(`${at}[${i}]`, ip, messages));
  }
  if (ips.length > 2) errors.push(invalidList(at, ips, 'may only hold up to 2 values'));
  if (!isBroken) errors.push(...dualStackErrors(service));
  return errors;
}

function agreementErrors({ clusterIP, clusterIPs }: KubeObject['spec']): FieldError[] {
  const count = clusterIPs?.length ?? 0;
  if (!clusterIP) return count > 0 ? [invalidList(at, clusterIPs, 'must be empty when clusterIP is empty')] : [];
  if (count === 0) return [required(at)];
  return clusterIPs[0] === clusterIP ? [] : [invalidList(at, clusterIPs, 'element [0] must match clusterIP')];
}

function familyErrors({ ipFamilies = [], ipFamilyPolicy }: KubeObject['spec']): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, family] of ipFamilies.entries()) {
    if (!families.includes(family)) errors.push(notSupported(`spec.ipFamilies[${i}]`, family, families));
    if (ipFamilies.indexOf(family) < i) errors.push(duplicate(`spec.ipFamilies[${i}]`, family));
  }
  if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy)) errors.push(notSupported('spec.ipFamilyPolicy', ipFamilyPolicy, policies));
  return errors;
}

function dualStackErrors(service: KubeObject): FieldError[] {
  const ips: string[] = service.spec.clusterIPs ?? [];
  const errors: FieldError[] = [];
  const isDualStack = new Set(ips.map(parseIP)).size === 2;
  if (ips.length > 1 && !isDualStack) errors.push(invalidList(at, ips, 'may specify no more than one IP for each IP family'));
  if (isHeadless(service)) return errors;
  for (const [i, ip] of ips.entries()) {
    const family = service.spec.ipFamilies?.[i];
    if (family && family !== `IPv${parseIP(ip)}`) errors.push(invalid(`${at}[${i}]`, ip, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``));
  }
  return errors;
}

/** Addresses once given stay, except on the way from and to ExternalName. */
export function addressChangeErrors(service: KubeObject, old: KubeObject): FieldError[] {
  if (service.spec.type === 'ExternalName' || old.spec.type === 'ExternalName') return [];
  const errors: FieldError[] = [];
  if (!(isHeadless(service) && isHeadless(old))) errors.push(...ipChangeErrors(service.spec, old.spec));
  if (!isHeadless(service) && !isHeadless(old)) errors.push(...familyChangeErrors(service.spec, old.spec));
  return errors;
}

function ipChangeErrors({ clusterIPs = [], ipFamilyPolicy }: KubeObject['spec'], { clusterIPs: before = [] }: KubeObject['spec']): FieldError[] {
  if (before.length === clusterIPs.length) {
    return before.flatMap((ip: string, i: number) => (ip === clusterIPs[i] ? [] : [invalidList(`${at}[${i}]`, clusterIPs, 'may not change once set')]));
  }
  const errors: FieldError[] = [];
  const first = `${at}[0]`;
  if (clusterIPs.length === 0) errors.push(invalidList(first, undefined, 'primary clusterIP can not be unset'));
  else if (before.length > 0 && clusterIPs[0] !== before[0]) errors.push(invalidList(first, clusterIPs, 'may not change once set'));
  if (before.length > clusterIPs.length && clusterIPs.length === 1 && ipFamilyPolicy !== 'SingleStack') {
    errors.push(invalidList(first, clusterIPs, "`ipFamilyPolicy` must be set to 'SingleStack' when releasing the secondary clusterIP"));
  }
  return errors;
}

function familyChangeErrors({ ipFamilies = [] }: KubeObject['spec'], { ipFamilies: before = [] }: KubeObject['spec']): FieldError[] {
  const kept = Math.min(before.length, ipFamilies.length, before.length === ipFamilies.length ? 2 : 1);
  const errors: FieldError[] = [];
  for (let i = 0; i < kept; i++) if (before[i] !== ipFamilies[i]) errors.push(invalidList('spec.ipFamilies[0]', ipFamilies, 'may not change once set'));
  return errors;
}
