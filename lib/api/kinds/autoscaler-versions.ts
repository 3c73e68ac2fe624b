// The versions of a HorizontalPodAutoscaler. v1 knows one metric; whatever else there is lies in annotations.
// The annotations hold metrics with the fields of v2beta1, and the behavior with the names that Go's internal type has.
import { escaped } from '../go-escapes.ts';
import type { KubeObject } from '../types.ts';

type Loose = Record<string, any>;

const prefix = 'autoscaling.alpha.kubernetes.io/';
const metricsKey = `${prefix}metrics`;
const currentKey = `${prefix}current-metrics`;
const conditionsKey = `${prefix}conditions`;
const behaviorKey = `${prefix}behavior`;
const isCpu = ({ type, resource }: Loose) => type === 'Resource' && resource?.name === 'cpu' && resource.target?.averageUtilization !== undefined;
const cpu = (averageUtilization: number) => ({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } });

export function convertAutoscaler(object: KubeObject, apiVersion: string): KubeObject {
  if (!object.spec) return { ...object, apiVersion };
  const [from, to] = [object.apiVersion, apiVersion].map((version) => version.slice(version.indexOf('/') + 1));
  const whole = from === 'v1' ? fromV1(object) : from === 'v2beta1' ? mapMetrics(object, fromBeta) : object;
  const seen = to === 'v1' ? toV1(whole) : to === 'v2beta1' ? mapMetrics(whole, toBeta) : whole;
  return { ...(to === 'v2beta1' || to === 'v2beta2' ? withNulls(seen) : seen), apiVersion };
}

/** Lists that old versions always print. */
const withNulls = (object: KubeObject): KubeObject => (object.status ? { ...object, status: { currentReplicas: 0, conditions: null, ...object.status } } : object);

function withAnnotations(object: KubeObject, own: Loose): KubeObject['metadata'] {
  const { annotations = {}, ...metadata } = object.metadata;
  const others = Object.fromEntries(Object.entries(annotations).filter(([key]) => !key.startsWith(prefix)));
  const all = { ...others, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined).map(([key, value]) => [key, escaped(JSON.stringify(value))])) };
  return Object.keys(all).length > 0 ? { ...metadata, annotations: all } : metadata;
}

function toV1(object: KubeObject): KubeObject {
  const { metrics = [], behavior, ...spec } = object.spec;
  const { currentMetrics, conditions, ...status } = object.status ?? {};
  const one = metrics.find(isCpu);
  const others = metrics.filter((metric: Loose) => !isCpu(metric));
  const current = currentMetrics?.find(({ type, resource }: Loose) => type === 'Resource' && resource?.name === 'cpu');
  const metadata = withAnnotations(object, {
    [metricsKey]: others.length > 0 ? others.map((metric: Loose) => inGoOrder(toBeta(metric, 'target'))) : undefined,
    [currentKey]: currentMetrics?.length ? currentMetrics.map((metric: Loose) => inGoOrder(toBeta(metric, 'current'))) : undefined,
    [conditionsKey]: conditions?.length ? conditions.map(conditionInGoOrder) : undefined,
    [behaviorKey]: behavior && capitalized(behavior),
  });
  const share = current?.resource.current?.averageUtilization;
  return {
    ...object,
    metadata,
    spec: { ...spec, ...(one && { targetCPUUtilizationPercentage: one.resource.target.averageUtilization }) },
    ...(object.status && { status: { currentReplicas: 0, ...status, ...(share !== undefined && { currentCPUUtilizationPercentage: share }) } }),
  };
}

const asList = (value: unknown): Loose[] | undefined => (Array.isArray(value) ? value : undefined);

/** Fields of a metric in the order in which Go writes them; amounts that are missing are 0. */
function inGoOrder({ type, ...sources }: Loose): Loose {
  const order = ['target', 'metricName', 'name', 'metricSelector', 'targetAverageUtilization', 'currentAverageUtilization', 'targetValue', 'currentValue', 'targetAverageValue', 'currentAverageValue', 'selector', 'averageValue', 'container'];
  const reference = ({ kind, name, apiVersion }: Loose) => defined({ kind, name, apiVersion });
  const selecting = ({ matchLabels, ...others }: Loose) => ({ ...(matchLabels && { matchLabels: Object.fromEntries(Object.entries(matchLabels).sort(([a], [b]) => (a < b ? -1 : 1))) }), ...others });
  const one = (key: string, value: any) => (value === undefined ? undefined : key === 'target' ? reference(value) : key === 'selector' || key === 'metricSelector' ? selecting(value) : value);
  const sorted = (fields: Loose) => defined(Object.fromEntries(order.map((key) => [key, one(key, fields[key])])));
  return { type, ...Object.fromEntries(Object.entries(sources).map(([key, fields]) => [key, sorted(fields)])) };
}

const conditionInGoOrder = ({ type, status, lastTransitionTime = null, reason, message }: Loose) => ({ type, status, lastTransitionTime, ...defined({ reason, message }) });

const rules = (side: Loose | undefined) =>
  side ? { StabilizationWindowSeconds: side.stabilizationWindowSeconds ?? null, SelectPolicy: side.selectPolicy ?? null, Policies: side.policies?.map(({ type, value, periodSeconds }: Loose) => ({ Type: type, Value: value, PeriodSeconds: periodSeconds })) ?? null } : null;

/** The internal type has no names for JSON, so Go writes its own. */
const capitalized = ({ scaleUp, scaleDown }: Loose): Loose => ({ ScaleUp: rules(scaleUp), ScaleDown: rules(scaleDown) });

/** Go reads names in any case, and leaves out what is null. */
function uncapitalized(value: any): any {
  if (Array.isArray(value)) return value.map(uncapitalized);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null).map(([key, inner]) => [key[0]!.toLowerCase() + key.slice(1), uncapitalized(inner)]));
}

function parsed(text: string | undefined): any {
  try {
    return text && JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromV1(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: target, ...spec } = object.spec;
  const { currentCPUUtilizationPercentage: share, ...status } = object.status ?? {};
  const { annotations = {} } = object.metadata;
  const listed = (key: string, where: 'target' | 'current'): Loose[] | undefined => asList(parsed(annotations[key]))?.map((metric) => fromBeta(metric, where));
  const metrics = [...(listed(metricsKey, 'target') ?? []), ...(target === undefined ? [] : [cpu(target)])];
  const current = listed(currentKey, 'current') ?? (share === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: share } } }]);
  const conditions = parsed(annotations[conditionsKey]);
  const behavior = uncapitalized(parsed(annotations[behaviorKey]));
  return {
    ...object,
    metadata: withAnnotations(object, {}),
    spec: { ...spec, ...(metrics.length > 0 && { metrics }), ...(behavior && { behavior }) },
    ...(object.status && { status: { ...status, currentMetrics: current.length > 0 ? current : null, ...(conditions && { conditions }) } }),
  };
}

function mapMetrics(object: KubeObject, change: (metric: Loose, where: 'target' | 'current') => Loose): KubeObject {
  const all = (metrics: Loose[] | null | undefined, where: 'target' | 'current') => metrics?.map((metric) => change(metric, where)) ?? null;
  const { metrics, ...spec } = object.spec;
  return { ...object, spec: { ...spec, ...(metrics && { metrics: all(metrics, 'target') }) }, ...(object.status && { status: { ...object.status, currentMetrics: all(object.status.currentMetrics, 'current') } }) };
}

const named = (name: string, selector: unknown) => ({ name, ...(selector !== undefined && { selector }) });
const defined = (fields: Loose) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function fromBeta({ type, resource, pods, object, external }: Loose, where: 'target' | 'current'): Loose {
  const isTarget = where === 'target';
  const amount = (fields: Loose, kind: string) => ({ [where]: { ...(isTarget && { type: kind }), ...defined(fields) } });
  if (resource) {
    const { name, targetAverageUtilization: share, targetAverageValue: value, currentAverageUtilization, currentAverageValue } = resource;
    return { type, resource: { name, ...(isTarget ? amount({ averageUtilization: share, averageValue: value }, share === undefined ? 'AverageValue' : 'Utilization') : amount({ averageUtilization: currentAverageUtilization, averageValue: currentAverageValue }, '')) } };
  }
  if (pods) return { type, pods: { metric: named(pods.metricName, pods.selector), ...amount({ averageValue: isTarget ? pods.targetAverageValue : pods.currentAverageValue }, 'AverageValue') } };
  if (object) {
    const value = (isTarget ? object.targetValue : object.currentValue) ?? '0';
    return { type, object: { describedObject: object.target, metric: named(object.metricName, object.selector), ...amount({ value, averageValue: object.averageValue }, object.averageValue === undefined ? 'Value' : 'AverageValue') } };
  }
  const { metricName, metricSelector, targetValue, targetAverageValue, currentValue, currentAverageValue } = external ?? {};
  const [value, averageValue] = isTarget ? [targetValue, targetAverageValue] : [currentValue, currentAverageValue];
  return external ? { type, external: { metric: named(metricName, metricSelector), ...amount({ value, averageValue }, value === undefined ? 'AverageValue' : 'Value') } } : { type };
}

function toBeta({ type, resource, pods, object, external, ...rest }: Loose, where: 'target' | 'current'): Loose {
  const key = (name: string) => `${where}${name}`;
  // What is measured is no pointer in Go: nothing is 0.
  const none = where === 'current' ? '0' : undefined;
  if (resource) return { type, resource: { name: resource.name, ...defined({ [key('AverageUtilization')]: resource[where]?.averageUtilization, [key('AverageValue')]: resource[where]?.averageValue ?? none }) } };
  if (pods) return { type, pods: { metricName: pods.metric?.name, ...defined({ selector: pods.metric?.selector }), [key('AverageValue')]: pods[where]?.averageValue ?? none } };
  if (object) return { type, object: { target: object.describedObject, metricName: object.metric?.name, [key('Value')]: object[where]?.value ?? '0', ...defined({ averageValue: object[where]?.averageValue, selector: object.metric?.selector }) } };
  if (external) return { type, external: { metricName: external.metric?.name, ...defined({ metricSelector: external.metric?.selector, [key('Value')]: external[where]?.value ?? none, [key('AverageValue')]: external[where]?.averageValue }) } };
  return { type, ...rest };
}

/** Metrics as they come back from a store that keeps autoscaling/v1: a number for each amount. */
export const throughBeta = (metrics: Loose[], where: 'target' | 'current'): Loose[] => metrics.map((metric) => fromBeta(toBeta(metric, where), where));
