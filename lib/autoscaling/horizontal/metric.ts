// One metric of an autoscaler: how many replicas it asks for, and what of it is written into the status
// (computeReplicasForMetric in horizontal.go).
import { parseQuantity, type Pod, Quantity, type Version } from '../../api/index.ts';
import { goSelector } from './go-selector.ts';
import { averageReplicas, utilizationReplicas } from './pod-replicas.ts';
import type { MetricName, MetricsSource, MetricSpec, MetricStatus, MetricTarget, PodMetrics, Proposal } from './types.ts';
import { sharedReplicas, valueReplicas } from './value-replicas.ts';

export interface Measured {
  replicas: number;
  /** As messages name it: `cpu resource utilization (percentage of request)`. */
  name: string;
  status: MetricStatus;
}

/** Why a metric says nothing: `said` stands in the event and in the condition, the message in what is made of all metrics. */
export class MetricFailure extends Error {
  readonly reason: string;
  readonly said: string;
  constructor(reason: string, said: string, message: string) {
    super(message);
    this.reason = reason;
    this.said = said;
  }
}

export interface MetricQuestion {
  namespace: string;
  /** Of the scale. */
  selector: string;
  spec: number;
  status: number;
  pods(): readonly Pod[];
  now: number;
  source: MetricsSource;
  version: Version;
}

type Measuring = (metric: MetricSpec, question: MetricQuestion) => Measured;

const milli = (amount: string | number) => parseQuantity(amount).milliValue();
const text = (amount: number) => new Quantity(BigInt(amount), -3, 'DecimalSI').toString();
const messageOf = (error: unknown) => (error as Error).message;

/** Runs `measure`; what it throws becomes a failure with this reason, told as it is, and with more before it elsewhere. */
function failing<T>(reason: string, prefix: string, measure: () => T, inner = ''): T {
  try {
    return measure();
  } catch (error) {
    throw new MetricFailure(reason, messageOf(error), `${prefix}${inner}${messageOf(error)}`);
  }
}

const within = <T>(prefix: string, act: () => T): T => failingAs(`${prefix}: `, act);

function failingAs<T>(prefix: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new Error(`${prefix}${messageOf(error)}`);
  }
}

const identifier = ({ name, selector }: MetricName) => ({ name, ...(selector !== undefined && { selector }) });
const externalName = ({ name, selector }: MetricName) => `external metric ${name}(${goSelector(selector)})`;
const neither = (what: string) => new Error(`invalid ${what} metric source: neither a value target nor an average value target was set`);

const objectMetric: Measuring = ({ object }, { namespace, spec, status, pods, source }) => {
  const { describedObject, metric, target } = object!;
  const [reason, prefix] = ['FailedGetObjectMetric', 'failed to get object metric value: '];
  // The words of this error lie where Kubernetes puts them, which is not where they were meant to be.
  const where = `unable to get metric ${metric.name}: ${describedObject.kind} on ${namespace} ${describedObject.name}/`;
  const amount = () => failingAs(where, () => source.object(namespace, describedObject, metric));
  if (target.type === 'Value' && target.value !== undefined) {
    const { replicas, amount: value } = failing(reason, prefix, () => valueReplicas(amount(), milli(target.value!), { current: spec, pods: pods() }));
    return { replicas, name: `${describedObject.kind} metric ${metric.name}`, status: { type: 'Object', object: { metric: identifier(metric), current: { value: text(value) }, describedObject } } };
  }
  if (target.type === 'AverageValue' && target.averageValue !== undefined) {
    const { replicas, amount: average } = failing(reason, prefix, () => sharedReplicas(amount(), milli(target.averageValue!), status), `failed to get ${metric.name} object metric: `);
    // Kubernetes says "external" here, too, and leaves the object out of the status.
    return { replicas, name: externalName(metric), status: { type: 'Object', object: { metric: identifier(metric), current: { averageValue: text(average) }, describedObject: { kind: '', name: '' } } } };
  }
  return failing(reason, prefix, () => {
    throw neither('object');
  });
};

const podsMetric: Measuring = ({ pods: spec }, question) => {
  const { metric, target } = spec!;
  const { replicas, amount } = failing('FailedGetPodsMetric', 'failed to get pods metric value: ', () => {
    const metrics = within(`unable to get metric ${metric.name}`, () => question.source.pods(question.namespace, question.selector, metric));
    return averageReplicas('', milli(target.averageValue!), podsQuestion(metrics, question));
  });
  return { replicas, name: `pods metric ${metric.name}`, status: { type: 'Pods', pods: { metric: identifier(metric), current: { averageValue: text(amount) } } } };
};

const podsQuestion = (metrics: PodMetrics, { spec, pods, now, version }: MetricQuestion) => ({ current: spec, metrics, seen: { pods: pods(), now }, version });

interface Resource {
  name: string;
  container?: string;
  target: MetricTarget;
}

const resourceMetric: Measuring = ({ resource }, question) => {
  const prefix = question.version.has('hpa-names-failed-metric') ? `failed to get ${resource!.name} resource metric value: ` : '';
  const { current, ...measured } = failing('FailedGetResourceMetric', prefix, () => shareOf(resource!, question));
  return { ...measured, status: { type: 'Resource', resource: { name: resource!.name, current } } };
};

const containerResourceMetric: Measuring = ({ containerResource }, question) => {
  const { name, container } = containerResource!;
  const prefix = question.version.has('hpa-names-failed-metric') ? `failed to get ${container} container metric value: ` : '';
  const { current, ...measured } = failing('FailedGetContainerResourceMetric', prefix, () => shareOf(containerResource!, question));
  return { ...measured, status: { type: 'ContainerResource', containerResource: { name, container, current } } };
};

/** A resource of pods or of one container in each: an amount, or a share of what is requested. */
function shareOf({ name, container, target }: Resource, question: MetricQuestion): Pick<Measured, 'replicas' | 'name'> & { current: object } {
  const { namespace, selector, source, version } = question;
  const isNewer = version.has('hpa-names-failed-metric');
  const get = () => within(`unable to get metrics for resource ${name}`, () => source.resource(namespace, selector, { name, ...(container !== undefined && { container }) }));
  if (target.averageValue !== undefined) {
    const used = isNewer ? 'usage' : 'utilization';
    const { replicas, amount } = within(`failed to get ${name} ${used}`, () => averageReplicas(name, milli(target.averageValue!), podsQuestion(get(), question)));
    return { replicas, name: `${name} resource`, current: { averageValue: text(amount) } };
  }
  if (target.averageUtilization === undefined) throw new Error(`invalid resource metric source: neither ${isNewer ? 'an average utilization target nor an average value (usage) target' : 'a utilization target nor a value target'} was set`);
  const proposal: Proposal = within(`failed to get ${name} utilization`, () => utilizationReplicas({ name, container }, target.averageUtilization!, podsQuestion(get(), question)));
  const what = container !== undefined && isNewer ? 'container resource' : 'resource';
  return { replicas: proposal.replicas, name: `${name} ${what} utilization (percentage of request)`, current: { averageValue: text(proposal.amount), averageUtilization: proposal.utilization } };
}

const externalMetric: Measuring = ({ external }, { namespace, spec, status, pods, source, version }) => {
  const { metric, target } = external!;
  const reason = 'FailedGetExternalMetric';
  const prefix = version.has('hpa-names-failed-metric') ? `failed to get ${metric.name} external metric value: ` : '';
  const total = () => within(`unable to get external metric ${namespace}/${metric.name}/${goSelector(metric.selector)}`, () => source.external(namespace, metric)).reduce((sum, value) => sum + value, 0);
  const measured = ({ replicas }: Proposal, current: object): Measured => ({ replicas, name: externalName(metric), status: { type: 'External', external: { metric: identifier(metric), current } } });
  if (target.averageValue !== undefined) {
    const proposal = failing(reason, prefix, () => sharedReplicas(total(), milli(target.averageValue!), status), `failed to get ${metric.name} external metric: `);
    return measured(proposal, { averageValue: text(proposal.amount) });
  }
  if (target.value !== undefined) {
    const proposal = failing(reason, prefix, () => valueReplicas(total(), milli(target.value!), { current: spec, pods: pods() }), `failed to get external metric ${metric.name}: `);
    return measured(proposal, { value: text(proposal.amount) });
  }
  return failing(reason, prefix, () => {
    throw neither('external');
  });
};

const measures: Record<string, Measuring> = {
  Object: objectMetric,
  Pods: podsMetric,
  Resource: resourceMetric,
  ContainerResource: containerResourceMetric,
  External: externalMetric,
};

/** Throws a MetricFailure. */
export function measure(metric: MetricSpec, question: MetricQuestion): Measured {
  const measuring = measures[metric.type];
  if (measuring) return measuring(metric, question);
  const unknown = `unknown metric source type ${JSON.stringify(metric.type)}`;
  throw new MetricFailure('InvalidMetricSourceType', unknown, unknown);
}
