// Critical pods find room on a node that is full: the kubelet ends others for them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setUp } from './node.ts';

const test = suite('kubelet: preemption');

const spec = (cpu: string, { limits = false, ...more }: { limits?: boolean; priority?: number; priorityClassName?: string } = {}) => ({ containers: [{ name: 'c', image: 'nginx:1.27', resources: { requests: { cpu, memory: '64Mi' }, ...(limits && { limits: { cpu, memory: '64Mi' } }) } }], terminationGracePeriodSeconds: 5, ...more });
const critical = { priorityClassName: 'system-node-critical', priority: 2_000_001_000 };

function withClasses(version = 'v1.33') {
  const c = setUp({ version });
  if (!c.client.list('PriorityClass').items.some(({ metadata }) => metadata.name === 'system-node-critical')) c.client.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'system-node-critical' }, value: 2_000_001_000 } as never);
  return c;
}

test('as few burstable pods as possible end before guaranteed ones', () => {
  const c = withClasses();
  c.run('guaranteed', spec('1', { limits: true }));
  c.run('small', spec('500m'));
  c.run('large', spec('2'));
  c.advance('10s');
  c.run('dns', spec('1500m', critical));
  c.advance('20s');
  assert.equal(['guaranteed', 'small', 'large', 'dns'].map((name) => c.pod(name).status.phase), ['Running', 'Running', 'Failed', 'Running']);
  const { reason, message, conditions } = c.pod('large').status;
  assert.equal([reason, message], ['Preempting', 'Preempted in order to admit critical pod']);
  assert.equal(conditions!.filter(({ type }) => type === 'DisruptionTarget').map((one) => [one.reason, one.message]), [['TerminationByKubelet', 'Pod was preempted by Kubelet to accommodate a critical pod.']]);
  assert.ok(c.events('large').includes('Preempting: Preempted in order to admit critical pod'));
});

test('a static pod needs no class', () => {
  const c = withClasses('v1.20');
  c.run('web', spec('3'));
  c.advance('10s');
  c.machine.files.write('/etc/kubernetes/manifests/proxy.yaml', `apiVersion: v1\nkind: Pod\nmetadata:\n  name: proxy\nspec:\n  containers:\n  - name: c\n    image: nginx:1.27\n    resources:\n      requests:\n        cpu: "2"\n`);
  c.advance('40s');
  assert.equal([c.pod('web').status.phase, c.pod('web').status.reason, c.pod('proxy-node-1').status.phase], ['Failed', 'Preempting', 'Running']);
});

test('nobody ends where all of them were not enough, nor for an ordinary pod', () => {
  const c = withClasses();
  c.run('web', spec('3'));
  c.run('other', spec('1', critical));
  c.advance('10s');
  c.run('ordinary', spec('2'));
  c.run('huge', spec('4', critical));
  c.advance('10s');
  assert.is(c.pod('ordinary').status.reason, 'OutOfcpu');
  assert.is(c.pod('web').status.phase, 'Running');
  const { reason, message } = c.pod('huge').status;
  assert.equal([reason, message], ['UnexpectedAdmissionError', 'Pod was rejected: Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: no set of running pods found to reclaim resources: [(res: cpu, q: 1000), ]']);
});

test.run();
