import { type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { selectorFromLabelSelector } from '../labels/index.ts';
import { parseIP, isValidPortName, isValidPortNum } from '../names.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { LabelSelector, KubeObject } from '../types.ts';
import type { Version } from '../version.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { invalidAll, setGeneration } from './checks.ts';
import { labelSelectorErrors } from './label-checks.ts';

interface Peer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr?: string; except?: string[] };
}
interface Port {
  protocol?: string;
  port?: number | string;
  endPort?: number;
}

const protocols = ['TCP', 'UDP', 'SCTP'];
const policyTypes = ['Ingress', 'Egress'];

/** Bits of an address, and how many of them the prefix fixes; undefined for what is no CIDR. */
function bitsOf(cidr: string): { bits: string; length: number; family: 4 | 6 } | undefined {
  const [, address = '', prefix = ''] = /^(.+)\/(\d{1,3})$/.exec(cidr) ?? [];
  const family = parseIP(address);
  if (!family || Number(prefix) > (family === 4 ? 32 : 128)) return undefined;
  const parts = family === 4 ? address.split('.').map((part) => Number(part).toString(2).padStart(8, '0')) : expand(address).map((part) => part.toString(2).padStart(16, '0'));
  return { bits: parts.join(''), length: Number(prefix), family };
}

function expand(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const words = (text: string) => (text ? text.split(':').map((word) => Number.parseInt(word, 16)) : []);
  if (tail === undefined) return words(head);
  const [before, after] = [words(head), words(tail)];
  return [...before, ...new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
}

function blockErrors(field: string, { cidr = '', except = [] }: NonNullable<Peer['ipBlock']>): FieldError[] {
  if (!cidr) return [required(`${field}.cidr`)];
  const whole = bitsOf(cidr);
  if (!whole) return [invalid(`${field}.cidr`, cidr, 'not a valid CIDR')];
  const errors: FieldError[] = [];
  for (const [i, text] of except.entries()) {
    const part = bitsOf(text);
    if (!part) return [...errors, invalid(`${field}.except[${i}]`, text, 'not a valid CIDR')];
    const inside = part.family === whole.family && part.bits.startsWith(whole.bits.slice(0, whole.length)) && part.length > whole.length;
    if (!inside) errors.push(invalid(`${field}.except[${i}]`, text, 'must be a strict subset of `cidr`'));
  }
  return errors;
}

function peerErrors(field: string, { podSelector, namespaceSelector, ipBlock }: Peer, version: Version): FieldError[] {
  const errors = [...labelSelectorErrors(`${field}.podSelector`, podSelector, version), ...labelSelectorErrors(`${field}.namespaceSelector`, namespaceSelector, version), ...(ipBlock ? blockErrors(`${field}.ipBlock`, ipBlock) : [])];
  const peers = [podSelector, namespaceSelector, ipBlock].filter(Boolean).length;
  if (peers === 0) errors.push(required(field, 'must specify a peer'));
  if (peers > 1 && ipBlock) errors.push(forbiddenField(field, 'may not specify both ipBlock and another peer'));
  return errors;
}

function portErrors(field: string, { protocol, port, endPort }: Port): FieldError[] {
  const errors = protocol === undefined || protocols.includes(protocol) ? [] : [notSupported(`${field}.protocol`, protocol, protocols)];
  if (typeof port === 'number') {
    errors.push(...invalidAll(`${field}.port`, port, isValidPortNum(port)));
    if (endPort !== undefined && endPort < port) errors.push(invalid(`${field}.endPort`, port, 'must be greater than or equal to `port`'));
  } else if (port !== undefined) {
    if (endPort !== undefined) errors.push(invalid(`${field}.endPort`, endPort, 'may not be specified when `port` is non-numeric'));
    errors.push(...invalidAll(`${field}.port`, port, isValidPortName(port)));
  } else if (endPort !== undefined) errors.push(invalid(`${field}.endPort`, endPort, 'may not be specified when `port` is not specified'));
  return errors;
}

function validate({ spec }: KubeObject, { version }: Context): FieldError[] {
  const rules = (name: string, peers: string) =>
    (spec[name] ?? []).flatMap((rule: Record<string, any>, i: number) => [
      ...(rule.ports ?? []).flatMap((port: Port, j: number) => portErrors(`spec.${name}[${i}].ports[${j}]`, port)),
      ...(rule[peers] ?? []).flatMap((peer: Peer, j: number) => peerErrors(`spec.${name}[${i}].${peers}[${j}]`, peer, version)),
    ]);
  const types: string[] = spec.policyTypes ?? [];
  return [
    ...labelSelectorErrors('spec.podSelector', spec.podSelector, version),
    ...rules('ingress', 'from'),
    ...rules('egress', 'to'),
    ...(types.length > 2 ? [{ type: 'FieldValueInvalid' as const, field: 'spec.policyTypes', message: `Invalid value: []networking.PolicyType{${types.map((type) => JSON.stringify(type)).join(', ')}}: may not specify more than two policyTypes` }] : types.flatMap((type, i) => (policyTypes.includes(type) ? [] : [notSupported(`spec.policyTypes[${i}]`, type, policyTypes)]))),
  ];
}

function defaults(draft: KubeObject): void {
  const spec = (draft.spec ??= {});
  spec.podSelector ??= {};
  for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) for (const port of rule.ports ?? []) port.protocol ??= 'TCP';
  if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
}

export const networkPolicy: Resource = {
  kind: 'NetworkPolicy',
  listKind: 'NetworkPolicyList',
  group: 'networking.k8s.io',
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'networkpolicies',
  verbs: allVerbs,
  invalidAs: (version) => ({ kind: 'NetworkPolicy', plural: 'networkpolicies', group: version.has('no-extensions-group') ? 'networking.k8s.io' : 'extensions' }),
  strategy: {
    repeatedMetadataChecks: ['object', 'update'],
    defaults,
    prepareForCreate(draft) {
      setGeneration(draft, 1);
    },
    validate,
    // Kubernetes looks at a changed one twice.
    validateUpdate: (object, _old, context) => [...validate(object, context), ...validate(object, context)],
  },
  columns: [nameColumn, column('Pod-Selector'), ageColumn],
  cells: (object, now) => [object.metadata.name, selectorText(object.spec?.podSelector), age(object, now)],
};

const selectorText = (selector: LabelSelector | undefined) => (selector ? selectorFromLabelSelector(selector).toString() || '<none>' : '<none>');
