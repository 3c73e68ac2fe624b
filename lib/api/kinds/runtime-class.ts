import type { FieldError } from '../field-error.ts';
import { isDNS1123Label } from '../names.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject, Toleration } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { immutable, invalidAll } from './checks.ts';
import { labelsErrors } from './label-checks.ts';
import { FieldPath, Problems } from './pod-spec/problems.ts';
import { validateResources } from './pod-spec/validate-resources.ts';
import { validateTolerations } from './pod-spec/validate-tolerations.ts';

const goToleration = ({ key = '', operator = '', value = '', effect = '' }: Toleration) =>
  `core.Toleration{Key:${JSON.stringify(key)}, Operator:${JSON.stringify(operator)}, Value:${JSON.stringify(value)}, Effect:${JSON.stringify(effect)}, TolerationSeconds:(*int64)(nil)}`;

function validate({ handler = '', overhead, scheduling }: KubeObject, { version }: Context): FieldError[] {
  const errors = invalidAll('handler', handler, isDNS1123Label(handler));
  const problems = new Problems(version);
  if (overhead) validateResources(problems, new FieldPath('overhead'), { limits: overhead.podFixed });
  if (scheduling?.nodeSelector) problems.list.push(...labelsErrors('scheduling.nodeSelector', scheduling.nodeSelector, version));
  const tolerations: Toleration[] = scheduling?.tolerations ?? [];
  const at = new FieldPath('scheduling').child('tolerations');
  validateTolerations(problems, at.child('tolerations'), tolerations);
  const keys = tolerations.map(({ key, operator, value, effect }) => JSON.stringify([key, operator, value, effect]));
  return [...errors, ...problems.list, ...keys.flatMap((key, i) => (keys.indexOf(key) < i ? [{ type: 'FieldValueDuplicate' as const, field: `${at}[${i}]`, message: `Duplicate value: ${goToleration(tolerations[i]!)}` }] : []))];
}

/** In v1alpha1 everything stood in a spec. */
function convert(object: KubeObject, apiVersion: string): KubeObject {
  const [old, wantsOld] = [object.apiVersion, apiVersion].map((version) => version.endsWith('/v1alpha1'));
  if (old === wantsOld) return { ...object, apiVersion };
  const { spec, handler, overhead, scheduling, ...rest } = object;
  const parts = (fields: Record<string, unknown>) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  if (old) return { ...rest, apiVersion, ...parts({ handler: spec?.runtimeHandler, overhead: spec?.overhead, scheduling: spec?.scheduling }) } as KubeObject;
  return { ...rest, apiVersion, spec: parts({ runtimeHandler: handler, overhead, scheduling }) } as KubeObject;
}

export const runtimeClass: Resource = {
  kind: 'RuntimeClass',
  listKind: 'RuntimeClassList',
  group: 'node.k8s.io',
  plural: 'runtimeclasses',
  singular: 'runtimeclass',
  namespaced: false,
  versions: [{ version: 'v1', since: 20 }, { version: 'v1beta1', until: 24 }, { version: 'v1alpha1', until: 20 }],
  storedAs: 'node.k8s.io/v1',
  convert,
  etcdPath: 'runtimeclasses',
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['object', 'update'],
    checksFinalizers: false,
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    validate,
    validateUpdate: (object, old, context) => [...validate(object, context), ...immutable('handler', object.handler, old.handler)],
  },
  columns: [nameColumn, column('Handler'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.handler ?? '', age(object, now)],
};
