// Validation of nodes (pkg/apis/core/validation).
import { type FieldError, forbiddenField } from '../field-error.ts';
import { parseIP } from '../names.ts';
import { equal } from '../object.ts';
import type { Context } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { goStrings } from './pod-spec/go-text.ts';
import { metadataPath, Problems, specPath, statusPath } from './pod-spec/problems.ts';
import { validateAmount } from './pod-spec/validate-resources.ts';
import { validateTaints } from './pod-spec/validate-tolerations.ts';

/** Family of an address range, undefined when the text is none. */
function rangeFamily(text: string): 4 | 6 | undefined {
  const [address = '', bits = '', ...more] = text.split('/');
  const family = parseIP(address);
  return family && more.length === 0 && /^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128) ? family : undefined;
}

function validateRanges(problems: Problems, ranges: readonly string[]): void {
  const at = specPath.child('podCIDRs');
  const families = ranges.map(rangeFamily);
  families.forEach((family, i) => family || problems.invalidText(at.index(i), goStrings(ranges), 'must be valid CIDR'));
  if (ranges.length < 2) return;
  if (new Set(families).size < 2 || ranges.length > 2) problems.invalidText(at, goStrings(ranges), 'may specify no more than one CIDR for each IP family');
  ranges.forEach((range, i) => ranges.indexOf(range) < i && problems.duplicate(at.index(i), range));
}

function validateStatusResources(problems: Problems, { status }: KubeObject): void {
  for (const list of ['capacity', 'allocatable'] as const) {
    for (const name in status?.[list]) validateAmount(problems, statusPath.child(list).child(name), name, status[list][name]);
  }
}

export function validateNode(node: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  const { taints, podCIDRs } = node.spec;
  // Errors of taints carry this path, as taints were annotations once.
  if (taints) validateTaints(problems, metadataPath.child('taints'), taints);
  validateStatusResources(problems, node);
  if (podCIDRs) validateRanges(problems, podCIDRs);
  return problems.list;
}

const onlyEmpty = (what: string) => `node updates may not change ${what} except from "" to valid`;

/** Only labels, annotations, taints and whether pods are scheduled may change; addresses are given once. */
function validateSpecUpdate(problems: Problems, now: Record<string, any>, before: Record<string, any>): Record<string, any> {
  const ranges: string[] = now.podCIDRs ?? [];
  const allowed: Record<string, any> = { ...before, podCIDR: now.podCIDR, podCIDRs: now.podCIDRs, unschedulable: now.unschedulable, taints: now.taints, configSource: now.configSource };
  if (before.podCIDRs?.length > 0) {
    const differing = before.podCIDRs.length === ranges.length ? ranges.filter((range, i) => range !== before.podCIDRs[i]).length : 1;
    for (let i = 0; i < differing; i++) problems.forbidden(specPath.child('podCIDRs'), onlyEmpty('podCIDR'));
    Object.assign(allowed, { podCIDR: before.podCIDR, podCIDRs: before.podCIDRs });
  }
  if (!before.providerID) allowed.providerID = now.providerID;
  else if (before.providerID !== now.providerID) problems.forbidden(specPath.child('providerID'), onlyEmpty('providerID'));
  return allowed;
}

export function validateNodeUpdate(node: KubeObject, old: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  validateStatusResources(problems, node);
  const seen = new Set<string>();
  node.status?.addresses?.forEach(({ type, address }: { type: string; address: string }, i: number) => {
    const text = `core.NodeAddress{Type:${JSON.stringify(type)}, Address:${JSON.stringify(address)}}`;
    if (seen.has(text)) problems.list.push({ type: 'FieldValueDuplicate', field: statusPath.child('addresses').index(i).toString(), message: `Duplicate value: ${text}` });
    seen.add(text);
  });
  if (node.spec === old.spec) return problems.list;
  const allowed = validateSpecUpdate(problems, node.spec, old.spec);
  if (node.spec.taints) validateTaints(problems, metadataPath.child('taints'), node.spec.taints);
  if (version.has('node-update-names-field')) {
    if (node.spec.externalID !== old.spec.externalID) problems.forbidden(specPath.child('externalID'), 'may not be updated');
  } else if (!equal(allowed, node.spec)) {
    problems.list.push(forbiddenField('[]', 'node updates may only change labels, taints, or capacity (or configSource, if the DynamicKubeletConfig feature gate is enabled)'));
  }
  return problems.list;
}
