// What flow schemas and priority levels may say (pkg/apis/flowcontrol/validation).
import { duplicate, type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { isDNS1123Label, isDNS1123Subdomain } from '../names.ts';
import type { KubeObject } from '../types.ts';
import { invalidAll, invalidList } from './checks.ts';

/** Lists that nobody gave are null in a Go object as JSON shows it. */
type List<T> = readonly T[] | null | undefined;
type Rule = Record<'verbs' | 'apiGroups' | 'resources' | 'namespaces' | 'nonResourceURLs', List<string>> & { clusterScope?: boolean };
interface Subject {
  kind?: string;
  user?: { name?: string };
  group?: { name?: string };
  serviceAccount?: { name?: string; namespace?: string };
}

const methods = ['ByNamespace', 'ByUser'];
const subjectKinds = { Group: 'group', ServiceAccount: 'serviceAccount', User: 'user' } as const;
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

export function flowSchemaErrors({ metadata, spec = {}, status }: KubeObject): FieldError[] {
  const { matchingPrecedence: precedence = 0, priorityLevelConfiguration: level, distinguisherMethod: method, rules } = spec;
  const errors: FieldError[] = [];
  const at = 'spec.matchingPrecedence';
  if (precedence <= 0) errors.push(invalid(at, precedence, 'must be a positive value'));
  if (precedence > 10000) errors.push(invalid(at, precedence, 'must not be greater than 10000'));
  if (precedence === 1 && metadata.name !== 'exempt') errors.push(invalid(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  if (method && !methods.includes(method.type)) errors.push(notSupported('spec.distinguisherMethod.type', { type: method.type ?? '' }, methods));
  if (level?.name) errors.push(...invalidAll('spec.priorityLevelConfiguration.name', level.name, isDNS1123Subdomain(level.name)));
  else errors.push(required('spec.priorityLevelConfiguration.name', 'must reference a priority level'));
  for (const [i, rule] of (rules ?? []).entries()) errors.push(...ruleErrors(`spec.rules[${i}]`, rule));
  return [...errors, ...conditionErrors(status)];
}

function ruleErrors(at: string, rule: { subjects?: List<Subject>; resourceRules?: List<Rule>; nonResourceRules?: List<Rule> }): FieldError[] {
  const [subjects, resourceRules, nonResourceRules] = [rule.subjects ?? [], rule.resourceRules ?? [], rule.nonResourceRules ?? []];
  return [
    ...(subjects.length > 0 ? subjects.flatMap((subject, i) => subjectErrors(`${at}.subjects[${i}]`, subject)) : [required(`${at}.subjects`, 'subjects must contain at least one value')]),
    ...(resourceRules.length + nonResourceRules.length > 0 ? [] : [required(at, 'at least one of resourceRules and nonResourceRules has to be non-empty')]),
    ...resourceRules.flatMap((rule, i) => resourceRuleErrors(`${at}.resourceRules[${i}]`, rule)),
    ...nonResourceRules.flatMap((rule, i) => [...verbErrors(`${at}.nonResourceRules[${i}].verbs`, rule.verbs), ...urlErrors(`${at}.nonResourceRules[${i}].nonResourceURLs`, rule.nonResourceURLs)]),
  ];
}

function subjectErrors(at: string, subject: Subject): FieldError[] {
  const { kind = '' } = subject;
  if (!Object.hasOwn(subjectKinds, kind)) return [notSupported(`${at}.kind`, kind, Object.keys(subjectKinds))];
  const own = subjectKinds[kind as keyof typeof subjectKinds];
  const others = Object.entries({ ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' } as const).filter(([, field]) => field !== own && subject[field]);
  const named = subject[own];
  return [...(named ? namedErrors(`${at}.${own}`, kind, named) : [required(`${at}.${own}`, `${own} is required when subject kind is '${kind}'`)]), ...others.map(([other, field]) => forbiddenField(`${at}.${field}`, `${field} is forbidden when subject kind is not '${other}'`))];
}

function namedErrors(at: string, kind: string, { name = '', namespace = '' }: { name?: string; namespace?: string }): FieldError[] {
  const missing = name ? [] : [required(`${at}.name`)];
  if (kind !== 'ServiceAccount') return missing;
  return [
    ...missing,
    ...(name && name !== '*' ? invalidAll(`${at}.name`, name, isDNS1123Subdomain(name)) : []),
    ...(namespace ? invalidAll(`${at}.namespace`, namespace, isDNS1123Label(namespace)) : [required(`${at}.namespace`, 'must specify namespace for service account')]),
  ];
}

/** `*` stands alone. */
const alone = (at: string, list: readonly string[], others: string) => (list.includes('*') && list.length > 1 ? [invalidList(at, list, `if '*' is present, must not specify other ${others}`)] : []);

function verbErrors(at: string, list: List<string>): FieldError[] {
  if (!list?.length) return [required(at, 'verbs must contain at least one value')];
  if (list.includes('*')) return alone(at, list, 'verbs');
  return list.every((verb) => verbs.includes(verb)) ? [] : [notSupported(at, list, verbs)];
}

function urlErrors(at: string, urls: List<string>): FieldError[] {
  if (!urls?.length) return [required(at, 'nonResourceURLs must contain at least one value')];
  if (urls.includes('*')) return alone(at, urls, 'non-resource URLs');
  return urls.flatMap((url, i) => (urlError(url) ? [invalid(`${at}[${i}]`, url, urlError(url)!)] : []));
}

function urlError(url: string): string | undefined {
  if (url === '') return 'must not be empty';
  if (!url.startsWith('/')) return 'must start with slash';
  if (url.includes(' ')) return 'must not contain white-space';
  if (url.includes('//')) return 'must not contain double slash';
  return /^[^*]*(\/\*)?$/.test(url) ? undefined : 'wildcard can only do suffix matching';
}

function resourceRuleErrors(at: string, { verbs, clusterScope, ...lists }: Rule): FieldError[] {
  const [apiGroups, resources, namespaces] = [lists.apiGroups ?? [], lists.resources ?? [], lists.namespaces ?? []];
  const errors = verbErrors(`${at}.verbs`, verbs);
  errors.push(...(apiGroups.length > 0 ? alone(`${at}.apiGroups`, apiGroups, 'api groups') : [required(`${at}.apiGroups`, 'resource rules must supply at least one api group')]));
  errors.push(...(resources.length > 0 ? alone(`${at}.resources`, resources, 'resources') : [required(`${at}.resources`, 'resource rules must supply at least one resource')]));
  if (namespaces.length === 0 && !clusterScope) return [...errors, required(`${at}.namespaces`, 'resource rules that are not cluster scoped must supply at least one namespace')];
  if (namespaces.includes('*')) return [...errors, ...alone(`${at}.namespaces`, namespaces, 'namespaces')];
  return [...errors, ...namespaces.flatMap((name, i) => isDNS1123Label(name).map((why) => invalid(`${at}.namespaces[${i}]`, name, `each member of this list must be '*' or a DNS-1123 label; ${why}`)))];
}

/** Both kinds tell conditions by their type. */
export function conditionErrors({ conditions = [] }: { conditions?: { type?: string }[] } = {}): FieldError[] {
  return conditions.flatMap(({ type = '' }, i) => {
    const at = `status.conditions[${i}].type`;
    const twice = conditions.slice(0, i).some((other) => (other.type ?? '') === type);
    return [...(twice ? [duplicate(at, type)] : []), ...(type ? [] : [required(at, 'must not be empty')])];
  });
}

export function priorityLevelErrors({ metadata, spec = {}, status }: KubeObject): FieldError[] {
  const { type = '', limited } = spec;
  const errors = (metadata.name === 'exempt') === (type === 'Exempt') ? [] : [invalid('spec.type', type, "type must be 'Exempt' if and only if name is 'exempt'")];
  if (type === 'Exempt' && limited) errors.push(forbiddenField('spec.limited', 'must be nil if the type is not Limited'));
  else if (type === 'Limited') errors.push(...(limited ? limitedErrors(limited) : [required('spec.limited', 'must not be empty when type is Limited')]));
  else if (type !== 'Exempt') errors.push(notSupported('spec.type', type, ['Exempt', 'Limited']));
  return [...errors, ...conditionErrors(status)];
}

function limitedErrors(limited: Record<string, any>): FieldError[] {
  const name = 'nominalConcurrencyShares' in limited ? 'nominalConcurrencyShares' : 'assuredConcurrencyShares';
  const shares = limited[name] ?? 0;
  const { type = '', queuing } = limited.limitResponse ?? {};
  const at = 'spec.limited.limitResponse';
  const errors = shares <= 0 ? [invalid(`spec.limited.${name}`, shares, 'must be positive')] : [];
  if (type === 'Reject') return [...errors, ...(queuing ? [forbiddenField(`${at}.queuing`, 'must be nil if limited.limitResponse.type is not Limited')] : [])];
  if (type === 'Queue') return [...errors, ...(queuing ? queuingErrors(`${at}.queuing`, queuing) : [required(`${at}.queuing`, 'must not be empty if limited.limitResponse.type is Limited')])];
  return [...errors, notSupported(`${at}.type`, type, ['Queue', 'Reject'])];
}

const maxQueues = 10_000_000;
/** A flow's hand of queues is dealt from a hash of so many bits. */
const maxHashBits = 60;
const entropyOf = (queues: number, hand: number) => Math.ceil(Array.from({ length: hand }, (_, i) => Math.log2(queues - i)).reduce((a, b) => a + b, 0));

function queuingErrors(at: string, { queues = 0, handSize = 0, queueLengthLimit = 0 }: Record<string, number>): FieldError[] {
  const errors = queueLengthLimit <= 0 ? [invalid(`${at}.queueLengthLimit`, queueLengthLimit, 'must be positive')] : [];
  if (queues <= 0) errors.push(invalid(`${at}.queues`, queues, 'must be positive'));
  else if (queues > maxQueues) errors.push(invalid(`${at}.queues`, queues, `must not be greater than ${maxQueues}`));
  if (handSize <= 0) errors.push(invalid(`${at}.handSize`, handSize, 'must be positive'));
  else if (handSize > queues) errors.push(invalid(`${at}.handSize`, handSize, `should not be greater than queues (${queues})`));
  else if (entropyOf(queues, handSize) > maxHashBits) errors.push(invalid(`${at}.handSize`, handSize, `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${maxHashBits}`));
  return errors;
}
