// The real kubectl, several releases of it, against a served cluster; and our own on the same state.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster } from '../../lib/cluster/index.ts';
import { serve, type Serving, wallTime } from '../../lib/serve/index.ts';
import { hasTerminal, kubectls, type RealKubectl, realKubectl } from './real-kubectl.ts';

interface At {
  cluster: Cluster;
  serving: Serving;
  kubectl: RealKubectl;
  errors: unknown[];
}

const web = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: nginx, image: "nginx:1.27", ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;
const ticker = `
apiVersion: v1
kind: Pod
metadata: {name: ticker}
spec:
  terminationGracePeriodSeconds: 1
  containers: [{name: c, image: busybox, command: [sh, -c, "i=0; while true; do echo tick $i; i=$((i+1)); sleep 1; done"]}]
`;

/** Two printouts of the same state, taken at two moments: ages and the width that they need may differ. */
const ageless = (text: string) =>
  text
    .replace(/\b\d+(?:[dhms]\d+)?[dhms]\b/g, '<age>')
    .replace(/^(\w[\w ]*Time|Start Time|CreationTimestamp):(\s+).*$/gm, '$1:$2<time>')
    .replace(/ +$/gm, '')
    .replace(/ {2,}/g, '  ')
    // Which of two events of one second comes first is chance.
    .replace(/(^ {2}(Normal|Warning) {2}.*\n)+/gm, (events) => `${events.trimEnd().split('\n').sort().join('\n')}\n`);

/** What our own kubectl is compared with. Describe prints differently from release to release. */
const compared = ['get nodes', 'get nodes -o wide', 'get deploy,rs,svc', 'get pods --show-labels', 'get pods -A', 'get ns', 'get svc web -o yaml', 'get deploy web -o jsonpath={.status.readyReplicas}', 'get pods -o name', 'get endpointslices', 'get cm', 'get sa', 'get nothing', 'get pod nope', 'rollout history deploy/web', 'logs nope', 'api-resources --api-group=apps', 'top nodes', 'top pods', 'create token nope', 'create token', 'get pods -l app=web --sort-by=.metadata.name', 'get all'];
const described = ['describe deploy web', 'describe svc web', 'describe node worker-1', 'describe ns default', 'describe rs -l app=web'];

for (const { name, path } of kubectls) {
  const test = suite<At>(name);
  test.before(async (context) => {
    const errors: unknown[] = [];
    // An hour behind, since this clock runs ahead of kubectl's: an age in the future prints as <invalid>.
    const cluster = createCluster({ nodes: 2, start: Math.floor(Date.now() / 1000) * 1000 - 3_600_000 });
    const onError = (error: unknown) => void errors.push(error);
    const serving = await serve(cluster, { port: 0, onError, time: wallTime(cluster, { speed: 5, onError }) });
    Object.assign(context, { cluster, serving, errors, kubectl: realKubectl(path, serving) });
  });
  test.after(({ serving }) => serving.close());

  /** Runs a line that must succeed. */
  const ok = async ({ kubectl }: At, line: string | string[], stdin?: string) => {
    const { code, stdout, stderr } = await kubectl.run(line, stdin);
    assert.is(code, 0, `${String(line)}: ${stderr}`);
    return stdout;
  };

  /** What stands on the screen after the lines were typed, each when the shell is ready for it. */
  async function atShell({ kubectl }: At, line: string, typed: string[]): Promise<string> {
    const { child, until, ended } = kubectl.atTerminal(line);
    for (const [i, text] of typed.entries()) {
      await until(new RegExp(`(# [^]*){${i + 1}}$`));
      child.stdin!.write(`${text}\n`);
    }
    return (await ended).replaceAll('\r', '');
  }

  test('apply, wait, rollout status, get, describe', async (at) => {
    assert.is(await ok(at, 'apply -f -', web), 'deployment.apps/web created\nservice/web created\n');
    assert.match(await ok(at, 'rollout status deploy/web --timeout=60s'), /successfully rolled out\n$/);
    assert.is(await ok(at, 'wait --for=condition=Available deploy/web --timeout=60s'), 'deployment.apps/web condition met\n');
    assert.is(await ok(at, 'apply -f -', web), 'deployment.apps/web unchanged\nservice/web unchanged\n');
    assert.is(await ok(at, 'apply -f -', web.replace('replicas: 3', 'replicas: 2')), 'deployment.apps/web configured\nservice/web unchanged\n');
    await ok(at, 'rollout status deploy/web --timeout=60s');
    assert.match(await ok(at, 'describe pod -l app=web'), /Successfully assigned default\/web-/);
    assert.match(await ok(at, 'explain deployment.spec.replicas'), /FIELD: +replicas <integer>[\s\S]*Number of desired pods/);
    assert.match(await ok(at, 'api-resources'), /deployments +deploy +apps\/v1 +true +Deployment/);
  });

  test('mistakes are found before and by the server', async (at) => {
    const { code, stderr } = await at.kubectl.run('apply -f -', web.replace('replicas: 3', 'replica: 3'));
    assert.is(code, 1);
    assert.match(stderr, 'unknown field "spec.replica"');
    assert.match((await at.kubectl.run('apply -f -', web.replace('name: nginx', 'name: Nginx'))).stderr, 'a lowercase RFC 1123 label must consist of');
  });

  test('edit: what the editor leaves is sent as a patch; what the server refuses is kept in a file', async (at) => {
    const editor = (script: string) => writeFileSync(join(at.kubectl.home, 'editor'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    editor(`sed -i 's/replicas: 2/replicas: 3/' "$1"`);
    assert.is(await ok(at, 'edit deploy web'), 'deployment.apps/web edited\n');
    assert.is(at.cluster.client.get('Deployment', { namespace: 'default', name: 'web' }).spec.replicas, 3);
    assert.equal(await at.kubectl.run('edit deploy web'), { code: 0, stdout: '', stderr: 'Edit cancelled, no changes made.\n' });
    // Refused once, the editor opens again on what was written, with the reason above it.
    editor(`cp "$1" seen; grep -q 'must be greater than or equal to 0' "$1" || sed -i 's/replicas: 3/replicas: -3/' "$1"`);
    const { code, stderr } = await at.kubectl.run('edit deploy web');
    assert.is(code, 1);
    assert.match(stderr, 'Edit cancelled, no valid changes were saved.');
    assert.match(readFileSync(join(at.kubectl.home, 'seen'), 'utf8'), /# \* spec\.replicas: Invalid value: -3: must be greater than or equal to 0/);
    editor(`sed -i 's/replicas: 3/replicas: 2/' "$1"`);
    await ok(at, 'edit deploy web');
  });

  test('diff: what an apply would change, with its exit status', async (at) => {
    const more = web.replace('replicas: 3', 'replicas: 4');
    assert.equal(await at.kubectl.run('diff -f -', web.replace('replicas: 3', 'replicas: 2')), { code: 0, stdout: '', stderr: '' });
    const { code, stdout } = await at.kubectl.run('diff -f -', more);
    assert.is(code, 1);
    assert.equal(stdout.match(/^[-+] .*/gm)?.filter((line) => !/generation/.test(line)), ['-  replicas: 2', '+  replicas: 4']);
    assert.is(at.cluster.client.get('Deployment', { namespace: 'default', name: 'web' }).spec.replicas, 2);
  });

  test('auth can-i, top without metrics', async (at) => {
    assert.is(await ok(at, 'auth can-i create deployments'), 'yes\n');
    const { code, stdout } = await at.kubectl.run('auth can-i create deployments --as=ann');
    assert.equal([code, stdout], [1, 'no\n']);
    for (const what of ['node', 'pod']) assert.equal(await at.kubectl.run(`top ${what}`), { code: 1, stdout: '', stderr: 'error: Metrics API not available\n' });
  });

  test('server-side apply', async (at) => {
    const config = (data: object) => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared' }, data });
    const managers = () => ok(at, 'get cm shared -o jsonpath={.metadata.managedFields[*].manager}');
    assert.is(await ok(at, 'apply -f -', config({ a: '1', b: '2' })), 'configmap/shared created\n');
    assert.is(await ok(at, 'apply --server-side -f -', config({ a: '2' })), 'configmap/shared serverside-applied\n');
    assert.match(await managers(), 'kubectl');
    const { code, stderr } = await at.kubectl.run('apply --server-side --field-manager=other -f -', config({ a: '3' }));
    assert.is(code, 1);
    assert.match(stderr, 'error: Apply failed with 1 conflict: conflict with "kubectl": .data.a\n');
    assert.is(await ok(at, 'apply --server-side --field-manager=other --force-conflicts -f -', config({ a: '3' })), 'configmap/shared serverside-applied\n');
    assert.is(await ok(at, 'get cm shared -o jsonpath={.data.a}'), '3');
    assert.match(await managers(), 'other');
    await ok(at, 'delete cm shared');
  });

  test('what kubectl makes itself', async (at) => {
    await ok(at, 'create deployment made --image=nginx --replicas=1 --port=80');
    await ok(at, 'create configmap made --from-literal=a=1');
    await ok(at, 'expose deploy made --port=80');
    await ok(at, 'scale deploy/made --replicas=2');
    await ok(at, 'set image deploy/made nginx=nginx:1.27');
    await ok(at, 'rollout status deploy/made --timeout=60s');
    await ok(at, 'rollout undo deploy/made');
    assert.is(await ok(at, 'get deploy made -o jsonpath={.spec.template.spec.containers[0].image},{.spec.replicas}'), 'nginx,2');
    await ok(at, 'label deploy made x=y');
    await ok(at, 'annotate deploy made x=y');
    await ok(at, ['patch', 'deploy', 'made', '-p', '{"spec":{"replicas":1}}']);
    await ok(at, 'delete deploy,svc,cm made');
  });

  test('logs, logs -f, exec', async (at) => {
    await ok(at, 'apply -f -', ticker);
    await ok(at, 'wait --for=condition=Ready pod/ticker --timeout=60s');
    const following = at.kubectl.start('logs -f ticker');
    await following.until(/tick 3\n/);
    assert.match(await ok(at, 'logs ticker --tail=1'), /^tick \d+\n$/);
    assert.is(await ok(at, 'exec ticker -- hostname'), 'ticker\n');
    assert.is(await ok(at, 'exec -i ticker -- cat', 'through\nthe wire\n'), 'through\nthe wire\n');
    assert.is(await ok(at, 'exec -i ticker -- sh', 'cd /tmp\npwd\n'), '/tmp\n');
    const failed = await at.kubectl.run(['exec', 'ticker', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3']);
    assert.equal([failed.code, failed.stdout], [3, 'out\n']);
    assert.match(failed.stderr, /^err\n[\s\S]*command terminated with exit code 3\n$/);
    if (hasTerminal) assert.is(await atShell(at, 'exec -it ticker -- sh', ['hostname', 'cd /tmp', 'exit 3']), '/ # hostname\nticker\n/ # cd /tmp\n/tmp # exit 3\ncommand terminated with exit code 3\n');
    assert.match((await at.kubectl.run('exec ticker -- nothing')).stderr, 'exec: "nothing": executable file not found in $PATH');
    await ok(at, 'delete pod ticker');
    assert.match(await following.ended, /^tick 0\ntick 1\n/);
  });

  test('cp: whatever bytes a file has, they go in and come back', async (at) => {
    await ok(at, 'run box --image=busybox --restart=Never -- sleep 3600');
    await ok(at, 'wait --for=condition=Ready pod/box --timeout=60s');
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * i) >> 3);
    writeFileSync(join(at.kubectl.home, 'raw'), bytes);
    await ok(at, 'cp raw box:/tmp/');
    const md5 = createHash('md5').update(bytes).digest('hex');
    assert.is(await ok(at, 'exec box -- md5sum /tmp/raw'), `${md5}  /tmp/raw\n`);
    await ok(at, 'cp box:/tmp back');
    assert.is(createHash('md5').update(readFileSync(join(at.kubectl.home, 'back', 'raw'))).digest('hex'), md5);
    await ok(at, 'delete pod box --now');
  });

  test('run -i --rm: a shell for a moment', async (at) => {
    const { code, stdout, stderr } = await at.kubectl.run('run tmp --rm -i --image=busybox --restart=Never -- sh', 'hostname\nexit 0\n');
    assert.is(code, 0, stderr);
    assert.match(stdout, /tmp\n[\s\S]*pod "tmp" deleted/);
  });

  test('port-forward', async (at) => {
    const forwarding = at.kubectl.start('port-forward deploy/web :80');
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(await forwarding.until(/127\.0\.0\.1:\d+ -> 80\n/))!;
    for (let i = 0; i < 3; i++) {
      const [response] = await once(get(`http://127.0.0.1:${port}/`, { agent: false }), 'response');
      let text = '';
      for await (const piece of response) text += String(piece);
      assert.equal([response.statusCode, /Welcome to nginx!/.test(text)], [200, true]);
    }
    forwarding.child.kill();
    await forwarding.ended;
  });

  test('get -w sees what happens', async (at) => {
    const watching = at.kubectl.start('get pods -w -l app=web');
    await watching.until(/Running/);
    await ok(at, 'scale deploy/web --replicas=3');
    await watching.until(/Pending[\s\S]*ContainerCreating[\s\S]*Running/);
    watching.child.kill();
    await watching.ended;
  });

  test('debug: beside a pod, with a changed copy, on a node', async (at) => {
    await ok(at, 'run seen --image=busybox --command -- sleep 1000');
    await ok(at, 'wait --for=condition=Ready pod/seen --timeout=60s');
    assert.match(await ok(at, 'debug seen -i -q --image=busybox --container=look -- hostname'), /^seen$/m);
    assert.is(await ok(at, 'get pod seen -o jsonpath={.status.ephemeralContainerStatuses[0].name}'), 'look');
    await ok(at, 'debug seen --copy-to=copied --container=seen --image=nginx:1.27');
    assert.is(await ok(at, 'get pod copied -o jsonpath={.spec.containers[*].image}'), 'nginx:1.27');
    assert.match(await ok(at, 'debug node/worker-1 -i -q --image=busybox -- ls /host/etc/kubernetes'), /^manifests$/m);
    await ok(at, 'delete pod seen copied --now');
  });

  test('drain', async (at) => {
    assert.match(await ok(at, 'drain worker-1 --ignore-daemonsets --timeout=60s'), /node\/worker-1 drained\n$/);
    assert.match(await ok(at, 'get node worker-1'), 'Ready,SchedulingDisabled');
    await ok(at, 'uncordon worker-1');
    await ok(at, 'rollout status deploy/web --timeout=60s');
  });

  if (/v?1?\.?(32|33)/.test(name)) {
    test('our own kubectl prints the same', async (at) => {
      const different: string[] = [];
      for (const line of [...compared, ...described]) {
        const real = await at.kubectl.run(line);
        const own = at.cluster.kubectl.run(line);
        const [a, b] = [real, own].map(({ stdout, stderr, code }) => ageless(`${code}\n${stdout}${stderr}`));
        if (a !== b) different.push(`$ kubectl ${line}\n--- real\n${a}--- own\n${b}`);
      }
      assert.is(different.join('\n'), '');
    });
  }

  test('nothing went wrong inside', ({ errors }) => assert.equal(errors, []));
  test.run();
}

const last = suite('kubectl');
if (!hasTerminal) console.log('NOTE no terminal: exec -it was left out');
if (kubectls.length === 0) console.log('NOTE no kubectl in .kubectl: only .ci/run fetches them');
last('each that was fetched was asked', () => assert.equal([...new Set(kubectls.map(({ path }) => path))].length, kubectls.length));
last.run();
