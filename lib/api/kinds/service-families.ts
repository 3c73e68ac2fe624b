// Which address families a Service has, on a cluster that is configured for some (initIPFamilyFields of
// pkg/registry/core/service/storage/alloc.go).
import { type FieldError, invalid } from '../field-error.ts';
import { parseIP } from '../names.ts';
import { equal } from '../object.ts';
import type { KubeObject } from '../types.ts';
import { invalidList } from './checks.ts';

export type IPFamily = 'IPv4' | 'IPv6';

type Spec = KubeObject['spec'];

/** The fields that say so. */
export interface Families {
  ipFamilyPolicy?: string;
  ipFamilies?: IPFamily[];
  clusterIPs?: string[];
}

/** What the fields become, and why they cannot stand. The first of the configured families is the default. */
export function settledFamilies(spec: Spec, old: Spec | undefined, configured: readonly IPFamily[]): { fields: Families; errors: FieldError[] } {
  const fields: Families = { ipFamilyPolicy: spec.ipFamilyPolicy, ipFamilies: spec.ipFamilies, clusterIPs: spec.clusterIPs };
  if (spec.type === 'ExternalName' || isUntouched(spec, old)) return { fields, errors: [] };
  const bare = spec.clusterIP === 'None' && !Object.keys(spec.selector ?? {}).length;
  fields.ipFamilyPolicy ??= old?.ipFamilyPolicy ?? (bare ? 'RequireDualStack' : 'SingleStack');
  const errors = old ? releaseErrors(fields, old) : [];
  errors.push(...singleStackErrors(fields), ...inferFamilies(fields, configured));
  if (errors.length > 0) return { fields, errors };
  // A headless Service without a selector takes nothing from the cluster: it may have what it likes.
  if (!bare) errors.push(...configuredErrors(fields, configured));
  if (errors.length > 0) return { fields, errors };
  if (!fields.ipFamilies?.length) fields.ipFamilies = [configured[0]!];
  if (fields.ipFamilyPolicy !== 'SingleStack' && fields.ipFamilies.length === 1 && (bare || configured.length === 2)) fields.ipFamilies = [...fields.ipFamilies, fields.ipFamilies[0] === 'IPv4' ? 'IPv6' : 'IPv4'];
  return { fields, errors };
}

const hasAddress = ({ type }: Spec) => type === 'ClusterIP' || type === 'NodePort' || type === 'LoadBalancer';
const sameIPs = (a: Families, b: Families) => equal(a.clusterIPs ?? [], b.clusterIPs ?? []);
const sameFamilies = (a: Families, b: Families) => equal(a.ipFamilies ?? [], b.ipFamilies ?? []);

/** A Service that prefers both does not gain or lose an address because the cluster has. */
function isUntouched(spec: Spec, old: Spec | undefined): boolean {
  if (!old || spec.ipFamilyPolicy !== 'PreferDualStack' || (old.ipFamilyPolicy ?? 'PreferDualStack') !== 'PreferDualStack') return false;
  return old.type === spec.type && hasAddress(spec) && sameIPs(spec, old) && sameFamilies(spec, old);
}

const at = 'spec.ipFamilyPolicy';

/** To ask for one family is clear enough where nothing else was changed; otherwise nobody loses an address without saying so. */
function releaseErrors(fields: Families, old: Spec): FieldError[] {
  const { ipFamilyPolicy, clusterIPs = [], ipFamilies = [] } = fields;
  if (ipFamilyPolicy === 'SingleStack') {
    if (sameIPs(fields, old) && clusterIPs.length > 1) fields.clusterIPs = clusterIPs.slice(0, 1);
    if (sameFamilies(fields, old) && ipFamilies.length > 1) fields.ipFamilies = ipFamilies.slice(0, 1);
    return [];
  }
  const reduced = (now: readonly string[], before: readonly string[] = []) => now.length > 0 && now.length < before.length && now[0] === before[0];
  const errors: FieldError[] = [];
  if (reduced(clusterIPs, old.clusterIPs)) errors.push(invalid(at, ipFamilyPolicy, "must be 'SingleStack' to release the secondary cluster IP"));
  if (reduced(ipFamilies, old.ipFamilies)) errors.push(invalid(at, ipFamilyPolicy, "must be 'SingleStack' to release the secondary IP family"));
  return errors;
}

function singleStackErrors({ ipFamilyPolicy, clusterIPs = [], ipFamilies = [] }: Families): FieldError[] {
  if (ipFamilyPolicy !== 'SingleStack') return [];
  const errors: FieldError[] = [];
  const both = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  if (clusterIPs.length === 2) errors.push(invalid(at, ipFamilyPolicy, `${both} cluster IPs are specified`));
  if (ipFamilies.length === 2) errors.push(invalid(at, ipFamilyPolicy, `${both} IP families are specified`));
  return errors;
}

/** An address that was asked for says which family it is of. */
function inferFamilies(fields: Families, configured: readonly IPFamily[]): FieldError[] {
  const { clusterIPs = [] } = fields;
  const errors: FieldError[] = [];
  for (const [i, ip] of clusterIPs.entries()) {
    if (ip === 'None') break;
    const family = `IPv${parseIP(ip)}` as IPFamily;
    if (i < (fields.ipFamilies?.length ?? 0)) continue;
    if (configured.includes(family)) fields.ipFamilies = [...(fields.ipFamilies ?? []), family];
    else errors.push(invalidList(`spec.clusterIPs[${i}]`, clusterIPs, `${family} is not configured on this cluster`));
  }
  return errors;
}

function configuredErrors({ ipFamilyPolicy, ipFamilies = [] }: Families, configured: readonly IPFamily[]): FieldError[] {
  const missing = ipFamilies.flatMap((family, i) => (configured.includes(family) ? [] : [invalid(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster')]));
  const single = ipFamilyPolicy === 'RequireDualStack' && configured.length < 2;
  return [...(single ? [invalid(at, ipFamilyPolicy, 'this cluster is not configured for dual-stack services')] : []), ...missing];
}
