// Who calls whom, and the container runtime behind the kubelet's back.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';

async function running(options: Parameters<typeof createCluster>[0] = {}) {
  const c = createCluster({ nodes: 1, ...options });
  await c.kubectl.text`run web --image=nginx`;
  c.advance('10s');
  const { sh } = c.machine('worker-1');
  return { c, sh, id: () => sh.text`crictl ps -q`.trim(), pod: () => c.client.get('Pod', { namespace: 'default', name: 'web' }) };
}

test('the calls of a pod, from the sandbox to its end', async () => {
  const { c } = await running();
  const calls = () => c.criCalls('worker-1').map(({ call, pod, container, image }) => [call, pod ?? image, container].filter(Boolean).join(' '));
  assert.equal(calls(), ['RunPodSandbox default/web', 'PullImage nginx', 'CreateContainer default/web web', 'StartContainer default/web web']);
  await c.kubectl.text`delete pod web`;
  assert.equal(calls().slice(4), ['StopContainer default/web web', 'StopPodSandbox default/web', 'RemovePodSandbox default/web']);
  assert.equal(c.criCalls('control-plane'), []);
  assert.equal(c.criCalls(), c.criCalls('worker-1'));
});

test('everybody calls the API server; nobody else is called but kubelets by it, and runtimes by their kubelets', async () => {
  const { c } = await running();
  await c.kubectl.text`logs web`;
  await c.kubectl.text`exec web -- true`;
  const others = c.connections().filter(({ to }) => to !== 'kube-apiserver').map(({ from, to, what }) => `${from} > ${to} ${what}`);
  assert.equal(others, [
    ...['RunPodSandbox', 'PullImage', 'CreateContainer', 'StartContainer'].map((call) => `kubelet/worker-1 > containerd/worker-1 ${call}`),
    'kube-apiserver > kubelet/worker-1 GET /containerLogs/default/web/web',
    'kube-apiserver > kubelet/worker-1 POST /exec/default/web/web',
    'kubelet/worker-1 > containerd/worker-1 ExecSync',
  ]);
  assert.ok(c.connections().some(({ what }) => what === 'watch /api/v1/pods?fieldSelector=spec.nodeName=worker-1'));
});

test('crictl shows what the runtime has', async () => {
  const { sh, id, pod } = await running();
  const [head, row] = sh.text`crictl ps`.split('\n');
  assert.equal(head!.split(/ {2,}/), ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE']);
  assert.match(row!, new RegExp(`^${id().slice(0, 13)} +\\w{13} +\\d+ seconds ago +Running +web +0 +\\w{13} +web +default$`));
  assert.is(pod().status.containerStatuses![0]!.containerID, `containerd://${id()}`);
  assert.match(sh.text`crictl pods`, /10 seconds ago +Ready +web +default +0 +\(default\)\n$/);
  assert.match(sh.text`crictl images`, /^docker.io\/library\/nginx +latest +\w{13} +73MB$/m);
  assert.is(JSON.parse(sh.text`crictl inspect ${id()}`).status.state, 'CONTAINER_RUNNING');
  assert.match(sh.text`crictl logs ${id()}`, /start worker process/);
  assert.match(sh.text`crictl inspect none`, /not found/);
});

test('a container that was stopped behind its back is started again by the kubelet', async () => {
  const { c, sh, id, pod } = await running();
  const before = id();
  sh.text`crictl stop ${before}`;
  c.advance('5s');
  assert.is.not(id(), before);
  assert.is(pod().status.containerStatuses![0]!.restartCount, 1);
  assert.is(pod().status.containerStatuses![0]!.lastState!.terminated!.exitCode, 137);
  assert.equal(sh.text`crictl ps -a`.match(/(Running|Exited) +web +\d/g)!.map((text) => text.replace(/ +/g, ' ')), ['Running web 1', 'Exited web 0']);
  const back = () => pod().status.containerStatuses![0]!.state!.waiting?.message?.match(/back-off (\d+\w)/)?.[1];
  for (const delay of ['10s', '20s', '40s']) {
    sh.text`crictl stop ${id()}`;
    c.advance('3s');
    assert.is(back(), delay);
    c.advance('1m');
  }
});

test('the columns of crictl are those of its release', async () => {
  const { sh } = await running({ version: 'v1.20' });
  assert.not.match(sh.text`crictl ps`, /NAMESPACE/);
});

test('without its container runtime a node becomes NotReady, and what runs goes on', async () => {
  const { c, pod } = await running();
  const ready = () => c.client.get('Node', { name: 'worker-1' }).status.conditions!.find(({ type }) => type === 'Ready')!;
  c.fault.crash('containerd', 'worker-1');
  await c.kubectl.text`run late --image=nginx --overrides=${JSON.stringify({ spec: { nodeName: 'worker-1' } })}`;
  c.advance('50s');
  assert.is(ready().message, 'container runtime is down');
  assert.is(c.trace({ from: 'control-plane', to: `${pod().status.podIP}:80` }).error, undefined);
  assert.is(c.client.get('Pod', { namespace: 'default', name: 'late' }).status.phase, 'Pending');
  c.fault.start('containerd', 'worker-1');
  c.advance('30s');
  assert.is(ready().status, 'True');
  assert.is(c.client.get('Pod', { namespace: 'default', name: 'late' }).status.phase, 'Running');
  assert.is(pod().status.containerStatuses![0]!.restartCount, 0);
});

test.run();
