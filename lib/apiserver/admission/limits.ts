// The bounds of a limit range, each with what it says when it is crossed (plugin/pkg/admission/limitranger).
import { type Amounts, addAmounts, amountsOf, type Container, type KubeObject, type LimitRangeItem, maxAmounts, type Pod, podLimits, podRequests, type Quantity, type Version } from '../../api/index.ts';

interface Asked {
  type: string;
  requests: Amounts;
  limits: Amounts;
}

function minimum(name: string, min: Quantity, { type, requests, limits }: Asked): string | undefined {
  const rule = `minimum ${name} usage per ${type} is ${min}`;
  const [request, limit] = [requests[name], limits[name]];
  if (!request) return `${rule}.  No request is specified`;
  if (request.cmp(min) < 0) return `${rule}, but request is ${request}`;
  return limit && limit.cmp(min) < 0 ? `${rule}, but limit is ${limit}` : undefined;
}

function maximum(name: string, max: Quantity, { type, requests, limits }: Asked): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${max}`;
  const [request, limit] = [requests[name], limits[name]];
  if (!limit) return `${rule}.  No limit is specified`;
  if (limit.cmp(max) > 0) return `${rule}, but limit is ${limit}`;
  return request && request.cmp(max) > 0 ? `${rule}, but request is ${request}` : undefined;
}

/** A claim has no limits: what counts is what it asks for. */
function maximumRequest(name: string, max: Quantity, { type, requests }: Asked): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${max}`;
  const request = requests[name];
  if (!request) return `${rule}.  No request is specified`;
  return request.cmp(max) > 0 ? `${rule}, but request is ${request}` : undefined;
}

function ratio(name: string, most: Quantity, { type, requests, limits }: Asked): string | undefined {
  const rule = `${name} max limit to request ratio per ${type} is ${most}`;
  const [request, limit] = [requests[name], limits[name]];
  if (!request || request.sign === 0) return `${rule}, but no request is specified or request is 0`;
  if (!limit || limit.sign === 0) return `${rule}, but no limit is specified or limit is 0`;
  const provided = limit.milliValue() / request.milliValue();
  return provided * 1000 > most.milliValue() ? `${rule}, but provided ratio is ${provided.toFixed(6)}` : undefined;
}

type Rule = (name: string, bound: Quantity, asked: Asked) => string | undefined;

function broken(rule: Rule, bounds: Record<string, string> | undefined, asked: Asked): string[] {
  const amounts = amountsOf(bounds);
  // Kubernetes takes them in any order.
  return Object.keys(amounts).sort().flatMap((name) => rule(name, amounts[name]!, asked) ?? []);
}

const ofContainer = ({ resources }: Container): Asked => ({ type: 'Container', requests: amountsOf(resources?.requests), limits: amountsOf(resources?.limits) });

/** Of the containers together; a resource that one of them does not name is left out. */
function together(pod: Pod, part: 'requests' | 'limits'): Amounts {
  const lists = pod.spec.containers.map(({ resources }) => amountsOf(resources?.[part]));
  const sum = lists.reduce(addAmounts, {});
  const named = Object.fromEntries(Object.entries(sum).filter(([name]) => lists.every((list) => name in list)));
  return (pod.spec.initContainers ?? []).map(({ resources }) => amountsOf(resources?.[part])).reduce(maxAmounts, named);
}

function ofPod(pod: Pod, version: Version): Asked {
  if (version.has('sidecar-containers')) return { type: 'Pod', requests: podRequests(pod, version), limits: podLimits(pod, version) };
  return { type: 'Pod', requests: together(pod, 'requests'), limits: together(pod, 'limits') };
}

function podProblems(pod: Pod, item: LimitRangeItem, version: Version): string[] {
  const { containers, initContainers = [] } = pod.spec;
  const asked = item.type === 'Container' ? [...containers, ...initContainers].map(ofContainer) : item.type === 'Pod' ? [ofPod(pod, version)] : [];
  return asked.flatMap((one) => [...broken(minimum, item.min, one), ...broken(maximum, item.max, one), ...broken(ratio, item.maxLimitRequestRatio, one)]);
}

function claimProblems({ spec }: KubeObject, item: LimitRangeItem): string[] {
  if (item.type !== 'PersistentVolumeClaim') return [];
  const asked: Asked = { type: item.type, requests: amountsOf(spec.resources?.requests), limits: {} };
  return [...broken(minimum, item.min, asked), ...broken(maximumRequest, item.max, asked)];
}

export function limitProblems(object: KubeObject, items: readonly LimitRangeItem[], version: Version): string[] {
  return items.flatMap((item) => (object.kind === 'Pod' ? podProblems(object as Pod, item, version) : claimProblems(object, item)));
}
