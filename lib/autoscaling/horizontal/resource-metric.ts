// CPU and memory: of whole pods, or of one container in each.
import { failing, type Measured, type Measuring, type MetricQuestion, milli, podsQuestion, text, within } from './measuring.ts';
import { averageReplicas, utilizationReplicas } from './pod-replicas.ts';
import type { MetricTarget, Proposal } from './types.ts';

interface Resource {
  name: string;
  container?: string;
  target: MetricTarget;
}

export const resourceMetric: Measuring = ({ resource }, question) => {
  const prefix = question.version.has('hpa-names-failed-metric') ? `failed to get ${resource!.name} resource metric value: ` : '';
  const { current, ...measured } = failing('FailedGetResourceMetric', prefix, () => shareOf(resource!, question));
  return { ...measured, status: { type: 'Resource', resource: { name: resource!.name, current } } };
};

export const containerResourceMetric: Measuring = ({ containerResource }, question) => {
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
