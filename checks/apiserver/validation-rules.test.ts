// Rules in CEL of custom resources: what a definition may not say, and what its objects and their changes may not.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/cluster/index.ts';

const test = suite('validation rules');

const definition = (spec: object, kind = 'Scaler') => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${kind.toLowerCase()}s.example.com` },
  spec: { group: 'example.com', scope: 'Namespaced', names: { plural: `${kind.toLowerCase()}s`, kind }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', ...spec } } } } }] },
});
const integers = { min: { type: 'integer' }, max: { type: 'integer' }, replicas: { type: 'integer' } };

function served(spec: object, version = 'v1.33') {
  const cluster = createCluster({ nodes: 0, controllers: false, kubelets: false, version });
  cluster.file('crd.json', JSON.stringify(definition(spec)));
  const made = cluster.kubectl.run(['apply', '-f', 'crd.json']);
  const apply = (spec: object) => {
    cluster.file('one.json', JSON.stringify({ apiVersion: 'example.com/v1', kind: 'Scaler', metadata: { name: 'one' }, spec }));
    const { stdout, stderr } = cluster.kubectl.run(['apply', '-f', 'one.json']);
    return stdout + stderr;
  };
  return { made, apply, cluster };
}

test('a rule refuses, in its own words', () => {
  const rules = [
    { rule: 'self.min <= self.replicas', message: 'replicas should be at least min' },
    { rule: 'self.replicas <= self.max', messageExpression: "'replicas should be at most ' + string(self.max)", fieldPath: '.replicas' },
    { rule: 'self.max < 100', reason: 'FieldValueForbidden' },
  ];
  const { made, apply } = served({ properties: integers, 'x-kubernetes-validations': rules });
  assert.is(made.code, 0, made.stderr);
  assert.is(apply({ min: 1, replicas: 2, max: 3 }), 'scaler.example.com/one created\n');
  assert.is(apply({ min: 1, replicas: 0, max: 3 }), 'The Scaler "one" is invalid: spec: Invalid value: "object": replicas should be at least min\n');
  assert.is(apply({ min: 1, replicas: 9, max: 5 }), 'The Scaler "one" is invalid: spec.replicas: Invalid value: "object": replicas should be at most 5\n');
  assert.is(apply({ min: 1, replicas: 9, max: 500 }), 'The Scaler "one" is invalid: spec: Forbidden: failed rule: self.max < 100\n');
});

test('what is missing is an error while the rule runs; a wrong type comes first', () => {
  const { apply } = served({ properties: integers, required: ['min'], 'x-kubernetes-validations': [{ rule: 'self.replicas > self.min' }] });
  assert.is(apply({ min: 1 }), 'The Scaler "one" is invalid: spec: Invalid value: "object": no such key: replicas evaluating rule: self.replicas > self.min\n');
  assert.match(apply({ replicas: 3 }), /spec\.min: Required value\n\* <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation/);
});

test('a transition rule compares with what was before', () => {
  const list = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, size: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'may only grow' }] } } } };
  const { apply } = served({ properties: { class: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'class is immutable' }] }, disks: list } });
  assert.match(apply({ class: 'a', disks: [{ name: 'x', size: 5 }] }), /created/);
  assert.is(apply({ class: 'b', disks: [{ name: 'y', size: 1 }, { name: 'x', size: 4 }] }), 'The Scaler "one" is invalid: \n* spec.class: Invalid value: "string": class is immutable\n* spec.disks[1].size: Invalid value: "integer": may only grow\n');
  assert.match(apply({ class: 'a', disks: [{ name: 'y', size: 1 }, { name: 'x', size: 6 }] }), /configured/);
});

test('an expression that is none is refused with its place', () => {
  const { made } = served({ properties: integers, 'x-kubernetes-validations': [{ rule: 'self.minimum > 1' }, { rule: 'self.min' }] });
  const at = 'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations';
  assert.ok(made.stderr.includes(`${at}[0].rule: Invalid value: apiextensions.ValidationRule{Rule:"self.minimum > 1", `), made.stderr);
  assert.ok(made.stderr.includes("compilation failed: ERROR: <input>:1:5: undefined field 'minimum'\n | self.minimum > 1\n | ....^"), made.stderr);
  assert.ok(made.stderr.includes('cel expression must evaluate to a bool'), made.stderr);
});

test('nothing has a past in a list whose elements are not told apart', () => {
  const { made } = served({ properties: { list: { type: 'array', items: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] } } } });
  assert.ok(made.stderr.includes('oldSelf cannot be used on the uncorrelatable portion of the schema within'), made.stderr);
});

test('functions of Kubernetes', () => {
  const rules = ["quantity(self.size).isLessThan(quantity('10Gi'))", "isIP(self.ip) && cidr('10.0.0.0/8').containsIP(ip(self.ip))", "url(self.url).getScheme() == 'https'", 'self.list.isSorted() && self.list.sum() < 10', "self.name.find('[0-9]+') == '42'"];
  const string = { type: 'string' };
  const { made, apply } = served({ properties: { size: string, ip: string, url: string, name: string, list: { type: 'array', items: { type: 'integer' } } }, 'x-kubernetes-validations': rules.map((rule) => ({ rule })) });
  assert.is(made.code, 0, made.stderr);
  const good = { size: '1Gi', ip: '10.1.2.3', url: 'https://a.example/x', list: [1, 2, 3], name: 'a42' };
  assert.match(apply(good), /created/);
  for (const [bad, rule] of [[{ size: '11Gi' }, 0], [{ ip: '11.0.0.1' }, 1], [{ url: 'http://a' }, 2], [{ list: [2, 1] }, 3], [{ name: 'x' }, 4]] as const) assert.ok(apply({ ...good, ...bad }).includes(`failed rule: ${rules[rule]}`));
});

test('has() of what lies in a list, matches() of two texts, patterns with flags of Go', () => {
  const rules = ["has(self.list[0].a) || has(self.list[size(self.list) - 1].b)", "matches(self.name, '^(?i)w')"];
  const items = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } };
  const { made, apply } = served({ properties: { list: { type: 'array', items }, name: { type: 'string', pattern: '^(?i)(web|WORKER)$' } }, 'x-kubernetes-validations': rules.map((rule) => ({ rule })) });
  assert.is(made.code, 0, made.stderr);
  assert.match(apply({ list: [{ a: 'x' }], name: 'Web' }), /created/);
  assert.match(apply({ list: [{}, { b: 'x' }], name: 'worker' }), /configured/);
  assert.ok(apply({ list: [{ b: 'x' }, {}], name: 'web' }).includes(`failed rule: ${rules[0]}`));
  assert.match(apply({ list: [{ a: 'x' }], name: 'other' }), /should match '\^\(\?i\)\(web\|WORKER\)\$'/);
});

test('what was refused already may stay as it is while something else changes', () => {
  const { apply, cluster } = served({ properties: integers });
  assert.match(apply({ min: 5, max: 1 }), /created/);
  cluster.file('crd.json', JSON.stringify(definition({ properties: { ...integers, min: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self < 3' }] } } })));
  assert.is(cluster.kubectl.run(['apply', '-f', 'crd.json']).code, 0);
  assert.match(apply({ min: 5, max: 2 }), /configured/);
  assert.match(apply({ min: 6, max: 2 }), /failed rule: self < 3/);
});

test('v1.20 knows no rules', () => {
  const { apply } = served({ properties: integers, 'x-kubernetes-validations': [{ rule: 'self.min > 3' }] }, 'v1.20');
  assert.match(apply({ min: 1 }), /created/);
});

test.run();
