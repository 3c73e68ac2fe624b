// ValidatingAdmissionPolicy: what a policy refuses, warns of, lets pass, and what it may not say.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/cluster/index.ts';

const test = suite('validating admission policies');
const rules = [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] }];

function withPolicy(spec: object, { binding = {}, actions = ['Deny'], version = 'v1.33' }: { binding?: object; actions?: string[]; version?: string } = {}) {
  const cluster = createCluster({ nodes: 0, controllers: false, kubelets: false, version });
  const run = (line: string) => {
    const { stdout, stderr } = cluster.kubectl.run(line.split(' '));
    return stdout + stderr;
  };
  const apply = (...objects: object[]) => {
    cluster.file('all.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    return run('apply -f all.json');
  };
  const head = { apiVersion: 'admissionregistration.k8s.io/v1' };
  const said = apply(
    { ...head, kind: 'ValidatingAdmissionPolicy', metadata: { name: 'demo' }, spec: { matchConstraints: { resourceRules: rules }, ...spec } },
    { ...head, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name: 'demo-binding' }, spec: { policyName: 'demo', validationActions: actions, ...binding } },
  );
  return { said, run, apply };
}

const few = { validations: [{ expression: 'object.spec.replicas <= 5' }] };
const denied = (why: string) => `The deployments "web" is invalid: : ValidatingAdmissionPolicy 'demo' with binding 'demo-binding' denied request: ${why}\n`;

test('a write against the rule is denied', () => {
  const { run } = withPolicy(few);
  assert.is(run('create deployment web --image=nginx --replicas=6'), `error: failed to create deployment: deployments.apps "web" is forbidden: ValidatingAdmissionPolicy 'demo' with binding 'demo-binding' denied request: failed expression: object.spec.replicas <= 5\n`);
  assert.is(run('create deployment web --image=nginx --replicas=5'), 'deployment.apps/web created\n');
  assert.is(run('patch deployment web -p {"spec":{"replicas":6}}'), denied('failed expression: object.spec.replicas <= 5'));
  assert.is(run('delete deployment web'), 'deployment.apps "web" deleted\n');
  assert.match(run('get validatingadmissionpolicies,validatingadmissionpolicybindings'), /demo +1 +<unset>[\s\S]*demo-binding +demo +<unset>/);
});

test('Warn warns, Audit is silent', () => {
  assert.is(withPolicy(few, { actions: ['Warn', 'Audit'] }).run('create deployment web --image=nginx --replicas=6'), `deployment.apps/web created\nWarning: Validation failed for ValidatingAdmissionPolicy 'demo' with binding 'demo-binding': failed expression: object.spec.replicas <= 5\n`);
  assert.is(withPolicy(few, { actions: ['Audit'] }).run('create deployment web --image=nginx --replicas=6'), 'deployment.apps/web created\n');
});

test('variables, messages, reasons, conditions, the old object and who asks', () => {
  const { run } = withPolicy({
    matchConditions: [{ name: 'not exempt', expression: "!('exempt' in object.metadata.?labels.orValue({}))" }],
    variables: [{ name: 'replicas', expression: 'object.spec.replicas' }, { name: 'twice', expression: 'variables.replicas * 2' }],
    validations: [
      { expression: 'variables.twice < 10', messageExpression: "'twice is ' + string(variables.twice)", reason: 'Forbidden' },
      { expression: "request.operation == 'CREATE' || object.spec.replicas >= oldObject.spec.replicas", message: 'only more' },
      { expression: "request.userInfo.username == 'kubernetes-admin' && namespaceObject.metadata.name == 'default'" },
    ],
    auditAnnotations: [{ key: 'replicas', valueExpression: 'string(object.spec.replicas)' }],
  });
  assert.match(run('create deployment web --image=nginx --replicas=7'), /deployments.apps "web" is forbidden: .* denied request: twice is 14/);
  assert.match(run('create deployment web --image=nginx --replicas=2'), /created/);
  assert.is(run('patch deployment web -p {"spec":{"replicas":1}}'), denied('only more'));
  assert.match(run('patch deployment web -p {"metadata":{"labels":{"exempt":"1"}},"spec":{"replicas":1}}'), /patched/);
});

test('an expression that fails denies, unless failures are ignored', () => {
  const broken = { validations: [{ expression: "object.metadata.labels['tier'] == 'web'" }] };
  assert.match(withPolicy(broken).run('create deployment web --image=nginx'), /denied request: expression 'object\.metadata\.labels\['tier'\] == 'web'' resulted in error: no such key: tier/);
  assert.match(withPolicy({ ...broken, failurePolicy: 'Ignore' }).run('create deployment web --image=nginx'), /created/);
});

test('parameters come from an object that the binding names', () => {
  const limited = { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, validations: [{ expression: 'object.spec.replicas <= int(params.data.most)' }] };
  const { run } = withPolicy(limited, { binding: { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } } });
  assert.match(run('create deployment web --image=nginx'), /failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction/);
  run('create configmap limits --from-literal=most=2');
  assert.match(run('create deployment web --image=nginx --replicas=3'), /failed expression: object.spec.replicas <= int\(params.data.most\)/);
  assert.match(run('create deployment web --image=nginx --replicas=2'), /created/);
});

test('a binding narrows what is matched', () => {
  const { run } = withPolicy(few, { binding: { matchResources: { namespaceSelector: { matchLabels: { environment: 'test' } } } } });
  assert.match(run('create deployment web --image=nginx --replicas=6'), /created/);
  run('label namespace kube-public environment=test');
  assert.match(run('create deployment web --image=nginx --replicas=6 -n kube-public'), /denied request/);
});

test('a policy that cannot be understood is refused', () => {
  const { said } = withPolicy({ validations: [{ expression: 'objct.spec.replicas <= 5' }, { expression: '1 + 1' }] }, { actions: ['Deny', 'Warn'] });
  assert.ok(said.includes(`spec.validations[0].expression: Invalid value: "objct.spec.replicas <= 5": compilation failed: ERROR: <input>:1:1: undeclared reference to 'objct' (in container '')\n | objct.spec.replicas <= 5\n | ^`), said);
  assert.ok(said.includes('spec.validations[1].expression: Invalid value: "1 + 1": must evaluate to bool'), said);
  assert.ok(said.includes('must not contain both Deny and Warn'), said);
});

test('before v1.30 there are none', () => {
  assert.match(withPolicy(few, { version: 'v1.29' }).said, /no matches for kind "ValidatingAdmissionPolicy" in version "admissionregistration.k8s.io\/v1"/);
});

test.run();
