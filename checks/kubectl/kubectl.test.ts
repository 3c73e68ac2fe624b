// kubectl in a cell: the tag, its quiet forms, and what only a cluster shows. More in checks/scenarios.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';
import { InProcessClient } from '../../lib/client/index.ts';
import { createKubectl, kubeConfig, type KubectlOptions } from '../../lib/kubectl/index.ts';
import { hintFor, hintOnTrouble, hints } from '../../lib/kubectl/hints-ko.ts';
import { throwsText } from '../throws.ts';

const test = suite('kubectl');

/** A kubectl whose printing is kept. */
function desk(options: Partial<KubectlOptions> = {}, clusterOptions = {}) {
  const cluster = createCluster({ nodes: 1, ...clusterOptions });
  const printed: string[] = [];
  const kubectl = createKubectl({ client: cluster.client, runUntil: (until, stop) => cluster.loop.runUntil(until, stop), print: (text) => void printed.push(text), ...options });
  return { cluster, kubectl, printed };
}

test('the tag prints once, without the last line break, and resolves to nothing', async () => {
  const { kubectl, printed } = desk();
  assert.is(await kubectl`create namespace dev`, undefined);
  assert.equal(printed, ['namespace/dev created']);
  await kubectl`kubectl get ns dev -o name`;
  assert.is(printed[1], 'namespace/dev');
  await kubectl`get pods -o jsonpath={.items[*].metadata.name}`;
  assert.is(printed.length, 2, 'nothing said, nothing printed');
});

test('a manifest, and a name, say a version that this release serves', async () => {
  const cronJob = (version: string) => JSON.stringify({ apiVersion: `batch/${version}`, kind: 'CronJob', metadata: { name: 'etl' }, spec: { schedule: '0 2 * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } } } } });
  for (const [version, served, other] of [['v1.20', 'v1beta1', 'v1'], ['v1.33', 'v1', 'v1beta1']] as const) {
    const { kubectl, printed } = desk({}, { version });
    await kubectl.stdin(cronJob(other))`create -f -`;
    assert.match(printed[0]!, new RegExp(`no matches for kind "CronJob" in version "batch/${other}"`));
    await kubectl.stdin(cronJob(served))`create -f -`;
    assert.is(printed[1], 'cronjob.batch/etl created');
    assert.match(kubectl.text`get cronjobs.${served}.batch`, 'etl');
    await kubectl`get cronjobs.${other}.batch`;
    assert.match(printed[2]!, /^error: the server doesn't have a resource type "cronjobs"\n/);
  }
});

test('values are quoted as single arguments', async () => {
  const { kubectl } = desk();
  await kubectl`create configmap cfg --from-literal=${'text=a b "c"'}`;
  assert.is(kubectl.json`get cm cfg`.data.text, 'a b "c"');
});

test('text and json are quiet; json throws with the error of the server', () => {
  const { kubectl, printed } = desk();
  assert.match(kubectl.text`get nodes`, /^NAME +STATUS/);
  assert.is(kubectl.json`get nodes`.kind, 'List');
  assert.is(kubectl.json`get node worker-1`.metadata.name, 'worker-1');
  assert.is(kubectl.text`get pod ghost`, 'Error from server (NotFound): pods "ghost" not found\n');
  throwsText(() => kubectl.json`get pod ghost`, 'Error from server (NotFound): pods "ghost" not found');
  assert.equal(printed, []);
});

test('an error is printed with a word of Korean help, and nothing is thrown', async () => {
  const { kubectl, printed } = desk();
  await kubectl`get pod5`;
  assert.match(printed[0]!, /^error: the server doesn't have a resource type "pod5"\n# 도움말: /);
  await kubectl`get pods -l 'a`;
  assert.match(printed[1]!, /^bash: unexpected EOF/);
});

test('standard input', async () => {
  const { kubectl, printed } = desk();
  await kubectl.stdin('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n')`apply -f -`;
  assert.is(kubectl.stdin('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n').text`apply -f -`, 'configmap/b created\n');
  assert.equal(printed, ['configmap/a created']);
  assert.is(kubectl.run('apply -f -', { stdin: '' }).stderr, 'error: no objects passed to apply\n');
});

test('a watch goes on for 30 s, or as long as it is told', async () => {
  const { kubectl, cluster, printed } = desk();
  const before = cluster.client.clock.now;
  await kubectl`get pods -w`;
  assert.is(cluster.client.clock.now - before, 30_000);
  await kubectl.for('5m')`get pods --watch`;
  assert.is(cluster.client.clock.now - before, 330_000);
  assert.equal(printed, []);
});

test('a watch sees each change, columns keep their width', () => {
  const { kubectl } = desk();
  kubectl.run('run web --image=nginx:1.25');
  const lines = kubectl.run('get pods -w', { endless: '10s' }).stdout.trim().split('\n');
  assert.match(lines[0]!, /^NAME +READY +STATUS +RESTARTS +AGE$/);
  assert.match(lines.at(-1)!, /^web +1\/1 +Running +0 +\d+s$/);
  assert.ok(lines.length >= 3);
});

test('without a kubeconfig, with a server that is down', () => {
  const none = desk({ config: null }).kubectl.run('get pods');
  assert.is(none.stderr, 'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n');
  assert.is(none.code, 1);
  assert.match(none.printed, /# 도움말: kubeconfig가 없거나/);
  const down = desk({ reachable: () => false }).kubectl;
  assert.is(down.run('get pods').stderr, 'The connection to the server 10.0.0.10:6443 was refused - did you specify the right host or port?\n');
  assert.is(down.run('config current-context').stdout, 'kubernetes-admin@kubernetes\n');
  assert.is(down.run('version --client').code, 0);
});

test('a server that goes away in the middle', () => {
  const cluster = createCluster({ nodes: 1 });
  cluster.fault.powerOff('control-plane');
  assert.match(cluster.kubectl.run('get pods').stderr, /^The connection to the server 10\.0\.0\.10:6443 was refused/);
});

test('contexts and namespaces', () => {
  const config = kubeConfig();
  const { kubectl } = desk({ config });
  kubectl.run('create namespace dev');
  assert.is(kubectl.run('config set-context --current --namespace=dev').stdout, 'Context "kubernetes-admin@kubernetes" modified.\n');
  kubectl.run('create configmap here');
  assert.is(kubectl.run('get cm here -n dev -o name').stdout, 'configmap/here\n');
  assert.is(kubectl.run('get pods').stderr, 'No resources found in dev namespace.\n');
  assert.match(kubectl.run('config get-contexts').stdout, /^CURRENT .*\n\* +kubernetes-admin@kubernetes +kubernetes +kubernetes-admin +dev\n$/);
  kubectl.run('config set-context other --cluster=kubernetes --user=kubernetes-admin');
  assert.is(kubectl.run('config use-context other').stdout, 'Switched to context "other".\n');
  assert.is(kubectl.run('get pods').stderr, 'No resources found in default namespace.\n');
});

test('apply sends only the difference, with the order of merged lists', () => {
  const { kubectl, cluster } = desk();
  const manifest = (image: string, extra: object[] = []) =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ReplicationController', metadata: { name: 'rc' }, spec: { replicas: 0, selector: { a: 'b' }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [...extra, { name: 'app', image }] } } } });
  kubectl.run('apply -f -', { stdin: manifest('nginx:1', [{ name: 'side', image: 'busybox' }]) });
  kubectl.run('patch rc rc -p', {});
  assert.is(kubectl.run('apply -f -', { stdin: manifest('nginx:2') }).stdout, 'replicationcontroller/rc configured\n');
  const { containers } = cluster.client.get('ReplicationController', { namespace: 'default', name: 'rc' }).spec.template.spec!;
  assert.equal(containers.map(({ name, image }) => [name, image]), [['app', 'nginx:2']]);
});

test('an apply that the server refuses says what was sent where', () => {
  const { kubectl } = desk();
  const manifest = (replicas: unknown) => JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { replicas, selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } } } });
  kubectl.run('apply -f -', { stdin: manifest(1) });
  assert.is(kubectl.run('apply -f -', { stdin: manifest(-1) }).stderr, 'The Deployment "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n');
});

test('directories, several documents, lists', () => {
  const files = new Map([
    ['k8s/b.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n---\n# nothing\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b2}\n'],
    ['k8s/a.yml', 'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n'],
    ['k8s/deep/c.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n'],
    ['k8s/notes.txt', 'no manifest'],
  ]);
  const { kubectl } = desk({ files });
  assert.is(kubectl.run('apply -f k8s').stdout, 'configmap/a created\nconfigmap/b created\nconfigmap/b2 created\n');
  assert.is(kubectl.run('apply -R -f ./k8s/').stdout, 'configmap/a unchanged\nconfigmap/b unchanged\nconfigmap/b2 unchanged\nconfigmap/c created\n');
  assert.is(kubectl.run('apply -f k8s/b.yaml -n other').stderr.split('\n').length, 3, 'one error for each document');
});

test('a delete waits until the pod is gone, unless told otherwise', () => {
  const { kubectl, cluster } = desk();
  kubectl.run('run slow --image=busybox -- sleep 1d');
  cluster.advance('10s');
  const before = cluster.client.clock.now;
  assert.is(kubectl.run('delete pod slow').stdout, 'pod "slow" deleted\n');
  assert.ok(cluster.client.clock.now - before >= 30_000, 'sleep ignores the signal for 30 s');
  assert.is(kubectl.run('get pod slow --ignore-not-found').stdout, '');
});

test('a delete that is held by a finalizer ends with an error', () => {
  const { kubectl } = desk();
  kubectl.run('apply -f -', { stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, finalizers: [example.com/hold]}\n' });
  const { stdout, stderr, code } = kubectl.run('delete cm held --timeout=5s');
  assert.equal([stdout, stderr, code], ['configmap "held" deleted\n', 'error: timed out waiting for the condition on configmaps/held\n', 1]);
});

test('help and mistakes need no server', () => {
  const { kubectl } = desk({ config: null });
  assert.match(kubectl.run('').stdout, /^kubectl controls the Kubernetes cluster manager/);
  assert.match(kubectl.run('rollout').stdout, /undo/);
  assert.match(kubectl.run('get --help').stdout, /--selector/);
  assert.is(kubectl.run('rollout foo').stderr, "error: unknown command \"foo\"\nSee 'kubectl rollout -h' for help and examples\n");
});

test('describe shows profiles, spread and ranges of ports; nothing to describe is said of the namespace', () => {
  const { cluster, kubectl } = desk();
  const profile = (type: string) => ({ securityContext: { seccompProfile: { type, ...(type === 'Localhost' && { localhostProfile: 'a.json' }) } } });
  const topologySpreadConstraints = [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] } }];
  const spec = { topologySpreadConstraints, ...profile('RuntimeDefault'), containers: [{ name: 'c', image: 'nginx', ...profile('Localhost') }] };
  cluster.client.create({ kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 0, selector: { matchLabels: { app: 'a' } }, template: { metadata: { labels: { app: 'a' } }, spec } } });
  cluster.client.create({ kind: 'NetworkPolicy', metadata: { name: 'ports' }, spec: { podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 90 }] }] } });
  const deployment = kubectl.text`describe deployment web`;
  assert.match(deployment, /\n {4}SeccompProfile: +Localhost\n {6}LocalhostProfile: +a\.json\n/);
  assert.match(deployment, /\n {2}Topology Spread Constraints: +zone:DoNotSchedule when max skew 1 is exceeded for selector app in \(a,b\)\n/);
  assert.match(kubectl.text`describe networkpolicy ports`, /To Port Range: 80-90\/TCP/);
  assert.is(kubectl.run('describe ingressclass').stderr, 'No resources found in default namespace.\n');
});

test('create ingress and create poddisruptionbudget', () => {
  const { kubectl } = desk();
  assert.is(kubectl.text`create ingress web --class=nginx --rule=${'a.local/=web:80,tls=cert'} --rule=${'a.local/api*=api:http'} --rule=${'b.local/=web:80,tls=cert'} --annotation=k=v`, 'ingress.networking.k8s.io/web created\n');
  const { metadata, spec } = kubectl.json`get ingress web`;
  const to = (name: string, port: object) => ({ service: { name, port } });
  assert.equal(metadata.annotations, { k: 'v' });
  assert.equal(spec, {
    ingressClassName: 'nginx',
    tls: [{ hosts: ['a.local', 'b.local'], secretName: 'cert' }],
    rules: [
      { host: 'a.local', http: { paths: [{ path: '/', pathType: 'Exact', backend: to('web', { number: 80 }) }, { path: '/api', pathType: 'Prefix', backend: to('api', { name: 'http' }) }] } },
      { host: 'b.local', http: { paths: [{ path: '/', pathType: 'Exact', backend: to('web', { number: 80 }) }] } },
    ],
  });
  assert.is(kubectl.run(['create', 'ingress', 'x', '--rule=foo=web:80']).stderr, 'error: rule foo=web:80 is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]\n');

  assert.is(kubectl.text`create pdb web --selector=${'app=web,tier notin (db)'} --max-unavailable=30%`, 'poddisruptionbudget.policy/web created\n');
  assert.equal(kubectl.json`get pdb web`.spec, { maxUnavailable: '30%', selector: { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['db'] }] } });
  assert.is(kubectl.run('create pdb x --selector=a!=b --min-available=1').stderr, 'error: "!=" is not a valid label selector operator\n');
  assert.is(kubectl.run('create pdb x --selector=a=b --min-available=1 --max-unavailable=2').stderr, 'error: min-available and max-unavailable cannot be both specified\n');
  assert.is(kubectl.run('create pdb x --selector=a=b --min-available=1Gi').stderr, 'error: invalid format specified for min-available\n');
});

test('the requests are those of kubectl', () => {
  const { kubectl, cluster } = desk();
  const before = cluster.requests().length;
  kubectl.run('scale rc ghost --replicas=1');
  const seen = cluster.requests().slice(before).filter(({ userAgent }) => userAgent === 'kubectl');
  assert.equal(seen.map(({ verb, code }) => [verb, code]), [['get', 404]]);
});

test('the same seed, the same transcript', () => {
  const transcript = () => {
    const { kubectl } = desk({}, { seed: 7 });
    return ['create deployment web --image=nginx --replicas=3', 'rollout status deploy web', 'get pods -o yaml', 'get events', 'describe pods'].map((line) => kubectl.run(line).printed).join('\n');
  };
  assert.is(transcript(), transcript());
});

test('hints: an image that the small registries do not have', () => {
  assert.match(hintOnTrouble('  Warning  Failed  kubelet  Failed to pull image "luksa/kiada:0.2": failed to pull and unpack image "docker.io/luksa/kiada:0.2": server message: insufficient_scope: authorization failed\n')!, /레지스트리에 없는/);
  assert.is(hintOnTrouble('  Warning  Failed  kubelet  Failed to pull image "mine": authorization failed: no basic auth credentials\n'), undefined);
  assert.is(hintOnTrouble('pods "web" not found\n'), undefined);
  assert.match(hintOnTrouble('IP Families:       <none>\nIP:                10.96.103.124\nEndpoints:         <none>\n')!, /get endpoints/);
  assert.is(hintOnTrouble('IP Families:       IPv4\nEndpoints:         <none>\n'), undefined);
});

test('hints: at least twelve, each in Korean, none for an error that speaks for itself', () => {
  assert.ok(hints.length >= 12);
  assert.is(hintFor({ argv: [], stderr: 'error: something nobody knows' }), undefined);
  const files = new Map([['web.yaml', 'a: 1\n---\nb: 2\nc:\n\td: 1\n']]);
  const hint = hintFor({ argv: [], stderr: 'error: error parsing web.yaml: error converting YAML to JSON: yaml: line 3: found character that cannot start any token', files });
  assert.match(hint!, /web\.yaml의 5번째 줄 `d: 1`/);
});

test('another client for another context', () => {
  const cluster = createCluster({ nodes: 1 });
  const reader = new InProcessClient({ server: cluster.server, loop: cluster.loop, random: cluster.client.random, name: 'reader', user: 'jane' });
  const config = { ...kubeConfig(), users: [{ name: 'jane' }, { name: 'kubernetes-admin' }] };
  const kubectl = createKubectl({ client: cluster.client, config, runUntil: () => {}, connect: ({ user }) => (user === 'jane' ? reader : cluster.client) });
  kubectl.run('get pods --user=jane');
  assert.is(cluster.requests().at(-1)!.userAgent, 'reader');
});

test.run();
