// One metric of an autoscaler: how many replicas it asks for, and what of it is written into the status
// (computeReplicasForMetric in horizontal.go).
import { goSelector } from './go-selector.ts';
import { failing, failingAs, type Measured, type Measuring, MetricFailure, type MetricQuestion, milli, podsQuestion, text, within } from './measuring.ts';
import { averageReplicas } from './pod-replicas.ts';
import { containerResourceMetric, resourceMetric } from './resource-metric.ts';
import type { MetricName, MetricSpec, Proposal } from './types.ts';
import { sharedReplicas, valueReplicas } from './value-replicas.ts';

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
