// Autoscalers and the classes of Ingresses.
import type { KubeObject } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { rfc1123 } from '../text/duration.ts';
import { describeEvents } from './events.ts';
import { annotations, multiline, type Writer } from './writer.ts';

type Describe = (w: Writer, object: KubeObject, call: Call) => void;

interface Amounts {
  type?: string;
  value?: string;
  averageValue?: string;
  averageUtilization?: number;
}

interface Metric {
  name?: string;
  container?: string;
  metric?: { name: string };
  describedObject?: { kind: string; name: string };
  target: Amounts;
  current?: Amounts;
}

/** `<unknown> / 50%`: a value, an average, or a share of what is requested. */
function share({ target }: Metric, current: Amounts | undefined): string {
  if (target.averageValue !== undefined) return `${current?.averageValue ?? '<unknown>'} / ${target.averageValue}`;
  if (target.value !== undefined) return `${current?.value ?? '<unknown>'} / ${target.value}`;
  const now = current?.averageUtilization === undefined ? '<unknown>' : `${current.averageUtilization}% (${current.averageValue ?? '0'})`;
  return `${now} / ${target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`;
}

function title(type: string, metric: Metric): string {
  const { name, container, target, describedObject } = metric;
  const average = target.averageValue !== undefined;
  if (type === 'Pods') return `"${metric.metric!.name}" on pods`;
  if (type === 'External') return `"${metric.metric!.name}" (target ${average ? 'average value' : 'value'})`;
  if (type === 'Object') return `"${metric.metric!.name}" on ${describedObject!.kind}/${describedObject!.name} (target ${average ? 'average value' : 'value'})`;
  const what = container === undefined ? `resource ${name} on pods` : `resource ${name} of container "${container}" on pods`;
  return average ? what : `${what}  (as a percentage of request)`;
}

const fieldOf = (type: string) => type[0]!.toLowerCase() + type.slice(1);

function direction(w: Writer, name: string, rules: { stabilizationWindowSeconds?: number; selectPolicy?: string; policies?: { type: string; value: number; periodSeconds: number }[] } | undefined): void {
  if (!rules) return;
  w.line(1, `${name}:`);
  if (rules.stabilizationWindowSeconds !== undefined) w.line(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`);
  if (!rules.policies?.length) return;
  w.line(2, `Select Policy: ${rules.selectPolicy ?? 'Max'}`).line(2, 'Policies:');
  for (const { type, value, periodSeconds } of rules.policies) w.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`);
}

export const describeAutoscaler: Describe = (w, object, call) => {
  const { metadata, spec, status = {} } = object;
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace);
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'CreationTimestamp', rfc1123(metadata.creationTimestamp)).field(0, 'Reference', `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`).line(0, 'Metrics:\t( current / target )');
  (spec.metrics ?? []).forEach(({ type, ...sources }: { type: string }, i: number) => {
    const metric = (sources as Record<string, Metric>)[fieldOf(type)]!;
    w.field(1, title(type, metric), share(metric, status.currentMetrics?.[i]?.[fieldOf(type)]?.current));
  });
  w.field(0, 'Min replicas', spec.minReplicas ?? '<unset>').field(0, 'Max replicas', spec.maxReplicas);
  if (spec.behavior) w.line(0, 'Behavior:');
  direction(w, 'Scale Up', spec.behavior?.scaleUp);
  direction(w, 'Scale Down', spec.behavior?.scaleDown);
  w.field(0, `${spec.scaleTargetRef.kind} pods`, `${status.currentReplicas ?? 0} current / ${status.desiredReplicas ?? 0} desired`);
  if (status.conditions?.length) w.line(0, 'Conditions:').line(1, 'Type\tStatus\tReason\tMessage').line(1, '----\t------\t------\t-------');
  for (const { type, status: holds, reason, message } of status.conditions ?? []) w.line(1, `${type}\t${holds}\t${reason}\t${message}`);
  describeEvents(w, call, object);
};

export const describeIngressClass: Describe = (w, object, call) => {
  w.field(0, 'Name', object.metadata.name);
  multiline(w, 'Labels', object.metadata.labels);
  annotations(w, 'Annotations', object.metadata.annotations);
  w.field(0, 'Controller', object.spec.controller);
  const { parameters } = object.spec;
  if (parameters) {
    w.line(0, 'Parameters:');
    if (parameters.apiGroup !== undefined) w.field(1, 'APIGroup', parameters.apiGroup);
    w.field(1, 'Kind', parameters.kind).field(1, 'Name', parameters.name);
  }
  describeEvents(w, call, object);
};
