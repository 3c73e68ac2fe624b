// Deployments, replica sets, replication controllers and nodes: what is refused, what counts as a change.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Context, createVersion, draft, type FieldError, findResource, type KubeObject } from '../../../lib/api/index.ts';

const context: Context = { version: createVersion('v1.33'), now: '2026-01-01T00:00:00Z', namespace: 'x', find: () => undefined };
const texts = (errors: FieldError[]) => errors.map(({ field, message }) => `${field}: ${message}`);
const strategyOf = (kind: string) => findResource(kind)!.strategy!;
const template = (labels: object | undefined = { app: 'web' }, spec = {}) => ({ metadata: { labels }, spec: { containers: [{ name: 'app', image: 'nginx' }], ...spec } });

function stored(kind: string, spec: object, more = {}): KubeObject {
  const object = { apiVersion: 'v1', kind, metadata: { name: 'web' }, spec: draft(spec), ...more } as KubeObject;
  strategyOf(kind).defaults!(object, context);
  strategyOf(kind).prepareForCreate?.(object, context);
  return object;
}
const errorsOf = (kind: string, spec: object, more = {}) => texts(strategyOf(kind).validate!(stored(kind, spec, more), context));

function changed(old: KubeObject, change: (object: any) => void): { object: KubeObject; errors: string[] } {
  const object = draft(old);
  change(object);
  const strategy = strategyOf(old.kind);
  strategy.defaults!(object, context);
  strategy.prepareForUpdate!(object, old, context);
  return { object, errors: texts(strategy.validateUpdate!(object, old, context)) };
}

const selector = { matchLabels: { app: 'web' } };

test('a selector is chosen once', () => {
  const immutable = 'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"api"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable';
  for (const kind of ['Deployment', 'ReplicaSet']) {
    const { errors } = changed(stored(kind, { selector, template: template() }), ({ spec }) => {
      spec.selector = { matchLabels: { app: 'api' } };
      spec.template.metadata.labels = { app: 'api' };
    });
    assert.equal(errors, [immutable]);
  }
});

test('errors of the spec of a replica set are reported twice on an update', () => {
  const { errors } = changed(stored('ReplicaSet', { selector, template: template() }), ({ spec }) => {
    spec.replicas = -1;
  });
  const negative = 'spec.replicas: Invalid value: -1: must be greater than or equal to 0';
  assert.equal(errors, [negative, negative]);
});

test('annotations of a deployment count as a change, labels do not', () => {
  const old = stored('Deployment', { selector, template: template() });
  assert.is(old.metadata.generation, 1);
  const annotate = (object: KubeObject) => Object.assign(object.metadata, { annotations: { a: 'b' } });
  const label = (object: KubeObject) => Object.assign(object.metadata, { labels: { a: 'b' } });
  assert.is(changed(old, annotate).object.metadata.generation, 2);
  assert.is(changed(old, label).object.metadata.generation, 1);
});

test('labels of the status subresource of a deployment stay', () => {
  const old = stored('Deployment', { selector, template: template() });
  const object = { ...old, metadata: { ...old.metadata, labels: { via: 'status' }, annotations: { via: 'status' } }, status: { replicas: 1 } };
  strategyOf('Deployment').prepareForStatusUpdate!(object, old, context);
  assert.equal([object.metadata.labels, object.metadata.annotations], [undefined, { via: 'status' }]);
});

test('Recreate has no rolling update', () => {
  const strategy = { type: 'Recreate', rollingUpdate: { maxSurge: 1 } };
  assert.equal(errorsOf('Deployment', { selector, strategy, template: template() }), ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"]);
  assert.equal(stored('Deployment', { selector, strategy: { type: 'Recreate' }, template: template() }).spec.strategy, { type: 'Recreate' });
});

test('replicas restart always and have no deadline', () => {
  const spec = { selector, template: template(undefined, { restartPolicy: 'Never', activeDeadlineSeconds: 5 }) };
  assert.equal(errorsOf('ReplicaSet', spec), [
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
  ]);
  const errors = errorsOf('ReplicationController', { template: template({ app: 'web' }, { activeDeadlineSeconds: 5 }) });
  assert.equal(errors, ['spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported']);
});

test('a replication controller needs a template', () => {
  assert.equal(errorsOf('ReplicationController', { selector: { app: 'web' } }), ['spec.template: Required value']);
  assert.equal(errorsOf('ReplicationController', {}), ['spec.selector: Required value', 'spec.template: Required value']);
});

test('a template is validated below its path', () => {
  assert.equal(errorsOf('Deployment', { selector, template: { metadata: { labels: { app: 'web', 'a b': 'c' } }, spec: { containers: [{ name: 'app' }] } } }).map((text) => text.split(':')[0]), [
    'spec.template.labels',
    'spec.template.spec.containers[0].image',
  ]);
});

test('counts in a status', () => {
  const status = { replicas: 1, readyReplicas: 2, availableReplicas: 3, collisionCount: 1 };
  const old = { status: { collisionCount: 2 } } as KubeObject;
  assert.equal(texts(strategyOf('Deployment').validateStatusUpdate!({ status } as KubeObject, old, context)), [
    'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    'status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas',
    'status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas',
    'status.collisionCount: Invalid value: 1: cannot be decremented',
  ]);
  assert.equal(texts(strategyOf('ReplicaSet').validateStatusUpdate!({ status: { replicas: 0, fullyLabeledReplicas: 1 } } as KubeObject, old, context)), [
    'status.fullyLabeledReplicas: Invalid value: 1: cannot be greater than status.replicas',
  ]);
});

test('nodes: taints, ranges of addresses, resources', () => {
  const taint = { key: 'a', value: 'b', effect: 'NoSchedule' };
  assert.equal(errorsOf('Node', { taints: [taint, { ...taint, value: 'c' }, { key: 'a', effect: '' }], podCIDR: '10.1.0.0' }, { status: { capacity: { cpu: '-1', pods: '1500m' } } }), [
    'metadata.taints[1]: Duplicate value: core.Taint{Key:"a", Value:"c", Effect:"NoSchedule", TimeAdded:<nil>}: taints must be unique by key and effect pair',
    'metadata.taints[2].effect: Required value',
    'status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0',
    'status.capacity.pods: Invalid value: resource.Quantity{i:resource.int64Amount{value:1500, scale:-3}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"1500m", Format:"DecimalSI"}: must be an integer',
    'status.allocatable.cpu: Invalid value: "-1": must be greater than or equal to 0',
    'status.allocatable.pods: Invalid value: resource.Quantity{i:resource.int64Amount{value:1500, scale:-3}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"1500m", Format:"DecimalSI"}: must be an integer',
    'spec.podCIDRs[0]: Invalid value: []string{"10.1.0.0"}: must be valid CIDR',
  ]);
});

test('nodes: an address range is given once, taints and cordon may change', () => {
  const old = stored('Node', {});
  assert.equal(changed(old, ({ spec }) => Object.assign(spec, { podCIDR: '10.1.0.0/24', unschedulable: true, taints: [{ key: 'a', effect: 'NoExecute' }], providerID: 'x' })).errors, []);
  const given = stored('Node', { podCIDR: '10.1.0.0/24', providerID: 'x' });
  assert.equal(changed(given, ({ spec }) => Object.assign(spec, { podCIDR: '10.2.0.0/24', podCIDRs: undefined, providerID: 'y' })).errors.slice(0, 2), [
    'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
    'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
  ]);
  assert.equal(changed(old, ({ spec }) => Object.assign(spec, { externalID: 'x' })).errors, ['spec.externalID: Forbidden: may not be updated']);
});

test.run();
