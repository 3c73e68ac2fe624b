// Stored in the form of autoscaling/v2, which can say everything; the other versions are views of it.
import { type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { isDNS1123Label, isPathSegment } from '../names.ts';
import { parseQuantity } from '../quantity.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { invalidAll } from './checks.ts';
import { convertAutoscaler, throughBeta } from './autoscaler-versions.ts';
import { metricsText } from './autoscaler-cells.ts';

type Loose = Record<string, any>;

const up = { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, { type: 'Percent', value: 100, periodSeconds: 15 }] };
const down = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

function defaults(draft: KubeObject): void {
  const spec = (draft.spec ??= {});
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length) spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }];
  if (spec.behavior) spec.behavior = { scaleUp: { ...structuredClone(up), ...spec.behavior.scaleUp }, scaleDown: { ...structuredClone(down), ...spec.behavior.scaleDown } };
  draft.status ??= emptyStatus();
}

/** Of v1, only the share of the CPU is a field; what else there is lies in an annotation and comes first when it is read back. */
function throughV1(metrics: Loose[]): Loose[] {
  const isCPU = ({ type, resource }: Loose) => type === 'Resource' && resource?.name === 'cpu' && resource.target?.averageUtilization !== undefined;
  const others = metrics.filter((metric) => !isCPU(metric));
  return [...others, ...metrics.filter(isCPU).slice(0, 1)];
}

/** Behind a gate a source is taken out without a word; that it is missing is then an error. */
function dropContainers({ spec }: KubeObject): void {
  spec.metrics = spec.metrics.map(({ containerResource: _gone, ...metric }: Loose) => metric);
}

const emptyStatus = () => ({ desiredReplicas: 0, currentMetrics: null });

function referenceErrors(field: string, { kind = '', name = '' }: Loose = {}): FieldError[] {
  const part = (key: string, value: string) => (value ? invalidAll(`${field}.${key}`, value, isPathSegment(value)) : [required(`${field}.${key}`)]);
  return [...part('kind', kind), ...part('name', name)];
}

function targetErrors(field: string, { type = '', value, averageValue, averageUtilization }: Loose = {}): FieldError[] {
  const errors: FieldError[] = type ? [] : [required(`${field}.type`, 'must specify a metric target type')];
  if (!['Utilization', 'Value', 'AverageValue'].includes(type)) errors.push(invalid(`${field}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  for (const [key, amount] of Object.entries({ value, averageValue })) if (amount !== undefined && parseQuantity(amount).sign <= 0) errors.push(invalid(`${field}.${key}`, amount, 'must be positive'));
  if (averageUtilization < 1) errors.push(invalid(`${field}.averageUtilization`, averageUtilization, 'must be greater than 0'));
  return errors;
}

const identifierErrors = (field: string, { name = '' }: Loose = {}): FieldError[] => (name ? invalidAll(`${field}.name`, name, isPathSegment(name)) : [required(`${field}.name`, 'must specify a metric name')]);

/** Of pods and containers: an amount or a share, not both. */
function shareErrors(field: string, { target = {} }: Loose): FieldError[] {
  const errors: FieldError[] = [];
  if (target.averageUtilization === undefined && target.averageValue === undefined) errors.push(required(`${field}.target.averageUtilization`, 'must set either a target raw value or a target utilization'));
  if (target.averageUtilization !== undefined && target.averageValue !== undefined) errors.push(forbiddenField(`${field}.target.averageValue`, 'may not set both a target raw value and a target utilization'));
  return errors;
}

const hasAmount = ({ target = {} }: Loose) => target.value !== undefined || target.averageValue !== undefined;

/** Checks by the field that holds a metric of that type, in the order in which they are looked at. */
const sources: Record<string, (field: string, source: Loose) => FieldError[]> = {
  object: (at, source) => [
    ...referenceErrors(`${at}.describedObject`, source.describedObject),
    ...identifierErrors(`${at}.metric`, source.metric),
    ...targetErrors(`${at}.target`, source.target),
    ...(hasAmount(source) ? [] : [required(`${at}.target.averageValue`, 'must set either a target value or averageValue')]),
  ],
  external: (at, source) => [
    ...identifierErrors(`${at}.metric`, source.metric),
    ...targetErrors(`${at}.target`, source.target),
    ...(hasAmount(source) ? [] : [required(`${at}.target.averageValue`, 'must set either a target value for metric or a per-pod target')]),
    ...(source.target?.value !== undefined && source.target?.averageValue !== undefined ? [forbiddenField(`${at}.target.value`, 'may not set both a target value for metric and a per-pod target')] : []),
  ],
  pods: (at, source) => [
    ...identifierErrors(`${at}.metric`, source.metric),
    ...targetErrors(`${at}.target`, source.target),
    ...(source.target?.averageValue === undefined ? [required(`${at}.target.averageValue`, 'must specify a positive target averageValue')] : []),
  ],
  resource: (at, source) => [...(source.name ? [] : [required(`${at}.name`, 'must specify a resource name')]), ...targetErrors(`${at}.target`, source.target), ...shareErrors(at, source)],
  containerResource: (at, source) => [
    ...(source.name ? [] : [required(`${at}.name`, 'must specify a resource name')]),
    ...(source.container ? invalidAll(`${at}.container`, source.container, isDNS1123Label(source.container)) : [required(`${at}.container`, 'must specify a container')]),
    ...targetErrors(`${at}.target`, source.target),
    ...shareErrors(at, source),
  ],
};
const types = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];

function metricErrors(field: string, metric: Loose): FieldError[] {
  const { type = '' } = metric;
  const errors: FieldError[] = type ? [] : [required(`${field}.type`, 'must specify a metric source type')];
  if (!types.includes(type)) errors.push(notSupported(`${field}.type`, type, types));
  const present = Object.keys(sources).filter((name) => metric[name] !== undefined);
  if (present[0]) errors.push(...sources[present[0]]!(`${field}.${present[0]}`, metric[present[0]]));
  const expected = type ? type[0].toLowerCase() + type.slice(1) : '';
  if (!types.includes(type)) errors.push(notSupported(`${field}.type`, type, types));
  else if (metric[expected] === undefined) errors.push(required(`${field}.${expected}`, 'must populate information for the given metric source'));
  if (present.length !== 1) errors.push(...present.filter((name) => name !== expected).map((name) => forbiddenField(`${field}.${name}`, 'must populate the given metric source only')));
  return errors;
}

function rulesErrors(field: string, rules: Loose | undefined): FieldError[] {
  if (!rules) return [];
  const { stabilizationWindowSeconds: seconds, selectPolicy, policies = [] } = rules;
  const errors: FieldError[] = [];
  if (seconds < 0) errors.push(invalid(`${field}.stabilizationWindowSeconds`, seconds, 'must be greater than or equal to zero'));
  if (seconds > 3600) errors.push(invalid(`${field}.stabilizationWindowSeconds`, seconds, 'must be less than or equal to 3600'));
  if (selectPolicy !== undefined && !['Disabled', 'Max', 'Min'].includes(selectPolicy)) errors.push(notSupported(`${field}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min']));
  if (policies.length === 0) errors.push(required(`${field}.policies`, 'must specify at least one Policy'));
  policies.forEach(({ type, value = 0, periodSeconds = 0 }: Loose, i: number) => {
    const at = `${field}.policies[${i}]`;
    if (type !== 'Pods' && type !== 'Percent') errors.push(notSupported(`${at}.type`, type ?? '', ['Percent', 'Pods']));
    if (value <= 0) errors.push(invalid(`${at}.value`, value, 'must be greater than zero'));
    if (periodSeconds <= 0) errors.push(invalid(`${at}.periodSeconds`, periodSeconds, 'must be greater than zero'));
    if (periodSeconds > 1800) errors.push(invalid(`${at}.periodSeconds`, periodSeconds, 'must be less than or equal to 1800'));
  });
  return errors;
}

function validate({ spec }: KubeObject, lowest = 1): FieldError[] {
  const { minReplicas, maxReplicas = 0, scaleTargetRef, metrics = [], behavior } = spec;
  const errors: FieldError[] = [];
  if (minReplicas < lowest) errors.push(invalid('spec.minReplicas', minReplicas, `must be greater than or equal to ${lowest}`));
  if (maxReplicas < 1) errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than 0'));
  if (maxReplicas < minReplicas) errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'));
  errors.push(...referenceErrors('spec.scaleTargetRef', scaleTargetRef));
  errors.push(...metrics.flatMap((metric: Loose, i: number) => metricErrors(`spec.metrics[${i}]`, metric)));
  if (minReplicas === 0 && !metrics.some(({ type }: Loose) => type === 'Object' || type === 'External')) errors.push(forbiddenField('spec.metrics', 'must specify at least one Object or External metric to support scaling to zero replicas'));
  return [...errors, ...rulesErrors('spec.behavior.scaleUp', behavior?.scaleUp), ...rulesErrors('spec.behavior.scaleDown', behavior?.scaleDown)];
}

const statusErrors = ({ status = {} }: KubeObject) =>
  ['currentReplicas', 'desiredReplicas'].flatMap((name) => (status[name] < 0 ? [invalid(`status.${name}`, status[name], 'must be greater than or equal to 0')] : []));

export const horizontalPodAutoscaler: Resource = {
  kind: 'HorizontalPodAutoscaler',
  group: 'autoscaling',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  versions: [{ version: 'v2', since: 23 }, { version: 'v1' }, { version: 'v2beta1', until: 24 }, { version: 'v2beta2', until: 25 }],
  etcdPath: 'horizontalpodautoscalers',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  storedAs: 'autoscaling/v2',
  convert: convertAutoscaler,
  strategy: {
    generation: false,
    repeatedMetadataChecks: ['update'],
    defaults,
    prepareForCreate(draft, { version }) {
      draft.status = emptyStatus();
      if (!version.has('hpa-container-metrics')) dropContainers(draft);
    },
    prepareForUpdate(draft, old, { version }) {
      draft.status = old.status;
      if (!version.has('hpa-container-metrics') && !old.spec.metrics?.some((metric: Loose) => metric.containerResource)) dropContainers(draft);
    },
    fromStorage(draft, { version }: Context) {
      if (!version.has('autoscalers-stored-in-v2')) draft.spec.metrics = throughBeta(throughV1(draft.spec.metrics), 'target');
    },
    prepareForStatusUpdate(draft, _old, { version }: Context) {
      const measured = draft.status?.currentMetrics;
      if (measured && !version.has('autoscalers-stored-in-v2')) draft.status = { ...draft.status, currentMetrics: throughBeta(measured, 'current') };
    },
    validate: (object) => validate(object),
    validateUpdate: (object, old) => validate(object, old.spec.minReplicas === 0 ? 0 : 1),
    validateStatusUpdate: statusErrors,
  },
  columns: [nameColumn, column('Reference'), column('Targets'), column('MinPods'), column('MaxPods'), column('Replicas'), ageColumn],
  cells: (object, now, version) => {
    const { spec, status } = object;
    return [object.metadata.name, `${spec.scaleTargetRef?.kind ?? ''}/${spec.scaleTargetRef?.name ?? ''}`, metricsText(spec.metrics, status?.currentMetrics, version), String(spec.minReplicas ?? '<unset>'), spec.maxReplicas ?? 0, status?.currentReplicas ?? 0, age(object, now)];
  },
};
