// Volumes: what a container finds in its files, and what happens when what they are made of is missing or changes.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setUp, shell } from './node.ts';

const test = suite('kubelet: volumes');

type Node = ReturnType<typeof setUp>;
const mount = (name: string, mountPath: string, more: object = {}) => ({ name, mountPath, ...more });
/** A pod that sleeps, with its volumes at /a, /b … */
const sleeper = (volumes: object[], mounts: object[], spec: object = {}) => shell('sleep 100000', { volumeMounts: mounts }, { volumes, ...spec });

function inPod(c: Node, name: string, script: string, container = 'main'): string {
  const { stdout, stderr } = c.nodes[0]!.kubelet.handlers.exec(c.pod(name), container, ['sh', '-c', script]);
  return stdout + stderr;
}

test('a ConfigMap: keys as links through ..data, chosen items with their modes, binary data', () => {
  const c = setUp();
  c.client.create({ kind: 'ConfigMap', metadata: { name: 'conf' }, data: { a: 'one\n', b: 'two' }, binaryData: { raw: '3q2+7w==' } });
  const items = [{ key: 'a', path: 'deep/er/a', mode: 0o400 }];
  c.run('web', sleeper([{ name: 'all', configMap: { name: 'conf', defaultMode: 0o640 } }, { name: 'some', configMap: { name: 'conf', items } }], [mount('all', '/all'), mount('some', '/some')]));
  c.advance('10s');
  assert.is(inPod(c, 'web', 'ls /all'), 'a\nb\nraw\n');
  assert.is(inPod(c, 'web', 'cat /all/a /all/b'), 'one\ntwo');
  assert.is(inPod(c, 'web', 'readlink /all/a; stat -L -c "%a %A" /all/a'), '..data/a\n640 -rw-r-----\n');
  assert.is(inPod(c, 'web', 'find /some -type f | wc -l; stat -L -c %a /some/deep/er/a; ls /some'), '1\n400\ndeep\n');
  assert.is(inPod(c, 'web', 'hexdump -C /all/raw'), '00000000  de ad be ef                                       |....|\n00000004\n');
  assert.is(inPod(c, 'web', 'echo x > /all/new'), "sh: can't create /all/new: Read-only file system\n");
});

test('a volume that cannot be made holds the pod back, with the wait doubling; what is optional does not', () => {
  const c = setUp();
  c.run('web', sleeper([{ name: 'conf', configMap: { name: 'conf' } }, { name: 'maybe', secret: { secretName: 'none', optional: true } }], [mount('conf', '/conf'), mount('maybe', '/maybe')]));
  c.advance('30s');
  assert.is(c.pod('web').status.containerStatuses![0]!.state!.waiting!.reason, 'ContainerCreating');
  assert.equal(c.events('web'), ['FailedMount: MountVolume.SetUp failed for volume "conf" : configmap "conf" not found (x6)']);
  c.client.create({ kind: 'ConfigMap', metadata: { name: 'conf' }, data: { a: '1' } });
  c.advance('40s');
  assert.is(c.pod('web').status.phase, 'Running');
  assert.is(inPod(c, 'web', 'cat /conf/a; ls /maybe'), '1');
});

test('after two minutes the older kubelet says that it gave up waiting', () => {
  for (const version of ['v1.20', 'v1.33']) {
    const c = setUp({ version });
    c.run('web', sleeper([{ name: 'conf', configMap: { name: 'conf' } }, { name: 'work', emptyDir: {} }], [mount('conf', '/conf')]));
    c.advance('4m');
    const said = c.events('web').filter((text) => text.includes('Unable to attach'));
    assert.equal(said, version === 'v1.33' ? [] : ['FailedMount: Unable to attach or mount volumes: unmounted volumes=[conf], unattached volumes=[conf work]: timed out waiting for the condition']);
  }
});

test('keys that are not there: each kind says it in its words', () => {
  const c = setUp();
  c.client.create({ kind: 'ConfigMap', metadata: { name: 'conf' }, data: { a: '1' } });
  c.client.create({ kind: 'Secret', metadata: { name: 'key' }, data: { a: 'MQ==' } });
  const items = [{ key: 'nope', path: 'x' }];
  c.run('web', sleeper([{ name: 'c', configMap: { name: 'conf', items } }, { name: 's', secret: { secretName: 'key', items } }, { name: 'p', projected: { sources: [{ configMap: { name: 'no' } }, { secret: { name: 'key', items } }] } }], []));
  c.loop.settle();
  assert.equal(c.events('web'), [
    'FailedMount: MountVolume.SetUp failed for volume "c" : configmap references non-existent config key: nope',
    'FailedMount: MountVolume.SetUp failed for volume "s" : references non-existent secret key: nope',
    'FailedMount: MountVolume.SetUp failed for volume "p" : [configmap "no" not found, references non-existent secret key: nope]',
  ]);
});

test('a change reaches the files at the next sync, all at once, but never a sub-path', () => {
  const c = setUp();
  c.client.create({ kind: 'ConfigMap', metadata: { name: 'conf' }, data: { a: 'old', gone: 'x' } });
  c.run('web', sleeper([{ name: 'conf', configMap: { name: 'conf' } }], [mount('conf', '/conf'), mount('conf', '/etc/a', { subPath: 'a' })]));
  c.advance('10s');
  assert.is(inPod(c, 'web', 'cat /conf/a /etc/a'), 'oldold');
  const before = inPod(c, 'web', 'readlink /conf/..data');
  c.client.patch('ConfigMap', { namespace: 'default', name: 'conf' }, { data: { a: 'new', more: 'y', gone: null } }, { type: 'merge' });
  c.advance('10s');
  assert.is(inPod(c, 'web', 'cat /conf/a'), 'old');
  c.advance('90s');
  assert.is(inPod(c, 'web', 'cat /conf/a; ls /conf; cat /etc/a'), 'newa\nmore\nold');
  assert.is.not(inPod(c, 'web', 'readlink /conf/..data'), before);
  c.client.delete({ kind: 'ConfigMap', metadata: { namespace: 'default', name: 'conf' } });
  c.advance('2m');
  assert.is(inPod(c, 'web', 'cat /conf/a'), 'new');
  assert.match(c.events('web').at(-1)!, /^FailedMount: .*configmap "conf" not found/);
});

test('labels reach a downward API volume as soon as they change; amounts are divided and rounded up', () => {
  const c = setUp();
  const items = [
    { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
    { path: 'annotations', fieldRef: { fieldPath: 'metadata.annotations' } },
    { path: 'mem', resourceFieldRef: { containerName: 'main', resource: 'limits.memory', divisor: '1Mi' } },
    { path: 'cpu', resourceFieldRef: { containerName: 'main', resource: 'requests.cpu' } },
    { path: 'node', resourceFieldRef: { containerName: 'main', resource: 'limits.cpu', divisor: '1m' } },
  ];
  c.run('web', shell('sleep 1000', { volumeMounts: [mount('info', '/info')], resources: { requests: { cpu: '250m' }, limits: { memory: '65000Ki' } } }, { volumes: [{ name: 'info', downwardAPI: { items } }] }));
  c.advance('10s');
  assert.is(inPod(c, 'web', 'for f in mem cpu node; do cat /info/$f; echo; done'), '64\n1\n4000\n');
  c.client.patch('Pod', { namespace: 'default', name: 'web' }, { metadata: { labels: { tier: 'front', app: 'web' }, annotations: { said: 'a"b' } } }, { type: 'merge' });
  c.loop.settle();
  assert.is(inPod(c, 'web', 'cat /info/labels; echo; cat /info/annotations'), 'app="web"\ntier="front"\nsaid="a\\"b"');
});

test('an emptyDir is shared, survives its containers and the kubelet, and goes with the pod', () => {
  const c = setUp();
  const volumes = [{ name: 'work', emptyDir: {} }, { name: 'fast', emptyDir: { medium: 'Memory' } }];
  const volumeMounts = [mount('work', '/work'), mount('fast', '/fast')];
  c.run('web', { volumes, containers: [{ name: 'main', image: 'busybox', command: ['sh', '-c', 'echo start >> /work/log; sleep 5; exit 1'], volumeMounts }, { name: 'other', image: 'busybox', command: ['sleep', '1000'], volumeMounts }] });
  c.advance('40s');
  c.nodes[0]!.unit.crash();
  c.advance('20s');
  assert.is(inPod(c, 'web', 'wc -l < /work/log; stat -c "%A" /work; mount | grep fast', 'other'), '4\ndrwxrwxrwx\ntmpfs on /fast type tmpfs (rw,relatime)\n');
  const { uid } = c.pod('web').metadata;
  assert.ok(c.nodes[0]!.machine.files.isDirectory(`/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~empty-dir/work`));
  c.remove('web', 0);
  c.advance('1m');
  assert.not.ok(c.nodes[0]!.machine.files.isDirectory(`/var/lib/kubelet/pods/${uid}`));
});

test('who fills an emptyDir above its limit is evicted', () => {
  const c = setUp();
  c.run('web', sleeper([{ name: 'work', emptyDir: { sizeLimit: '1Mi' } }], [mount('work', '/work')]));
  c.advance('10s');
  inPod(c, 'web', 'dd if=/dev/zero of=/work/big bs=1k count=1000');
  c.advance('20s');
  assert.is(c.pod('web').status.phase, 'Running');
  inPod(c, 'web', 'cp /work/big /work/more');
  c.advance('20s');
  const { phase, reason, message } = c.pod('web').status;
  assert.equal([phase, reason, message], ['Failed', 'Evicted', 'Usage of EmptyDir volume "work" exceeds the limit "1Mi". ']);
});

test('a hostPath is the node\'s own disk, and its type is checked', () => {
  const c = setUp();
  const { files } = c.nodes[0]!.machine;
  files.makeDirectories('/data/sub');
  files.write('/data/sub/f', 'from the host\n');
  const at = (path: string, type?: string) => ({ hostPath: { path, ...(type && { type }) } });
  c.run('web', sleeper([{ name: 'd', ...at('/data', 'Directory') }, { name: 'new', ...at('/fresh', 'DirectoryOrCreate') }], [mount('d', '/d', { readOnly: true }), mount('new', '/n')]));
  c.run('bad', sleeper([{ name: 'd', ...at('/data/sub/f', 'Directory') }, { name: 's', ...at('/nope', 'Socket') }], []));
  c.advance('10s');
  assert.is(inPod(c, 'web', 'cat /d/sub/f; rm /d/sub/f; echo hi > /n/hi'), "from the host\nrm: can't remove '/d/sub/f': Read-only file system\n");
  assert.is(files.read('/fresh/hi'), 'hi\n');
  assert.match(c.events('bad').join('\n'), /"d" : hostPath type check failed: \/data\/sub\/f is not a directory/);
  assert.match(c.events('bad').join('\n'), /"s" : hostPath type check failed: \/nope is not a socket file/);
});

test('what lies behind a claim outlives the pod', () => {
  const c = setUp();
  c.client.create({ kind: 'PersistentVolume', metadata: { name: 'pv' }, spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], nfs: { server: 'files', path: '/a' }, claimRef: { namespace: 'default', name: 'data' } } });
  const claim = c.client.create({ kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'default' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeName: 'pv', storageClassName: '' } });
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];
  c.run('first', sleeper(volumes, [mount('v', '/v')]));
  c.advance('5s');
  assert.match(c.events('first')[0]!, /error processing PVC default\/data: PVC is not bound/);
  c.client.updateStatus(claim, { phase: 'Bound' });
  c.advance('20s');
  inPod(c, 'first', 'echo kept > /v/f');
  c.remove('first', 0);
  c.advance('1m');
  c.run('second', sleeper(volumes, [mount('v', '/v')]));
  c.advance('10s');
  assert.is(inPod(c, 'second', 'cat /v/f'), 'kept\n');
});

test('sub-paths: made in the volume, expanded from the environment, refused when they lead out', () => {
  const c = setUp();
  const env = [{ name: 'POD', value: 'me' }, { name: 'UP', value: '..' }, { name: 'ABS', value: '/etc' }];
  const one = (name: string, subPathExpr: string) => c.run(name, shell('sleep 1000', { env, volumeMounts: [mount('v', '/v'), mount('v', '/sub', { subPathExpr })] }, { volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }] }));
  for (const [name, expression] of [['good', '$(POD)/x'], ['up', '$(UP)'], ['abs', '$(ABS)'], ['unset', '$(NOPE)']] as const) one(name, expression);
  c.advance('10s');
  assert.is(inPod(c, 'good', 'echo 1 > /sub/f; cat /v/me/x/f; mount | grep /sub'), '1\ntmpfs on /sub type tmpfs (rw,relatime)\n');
  const why = (name: string) => c.pod(name).status.containerStatuses![0]!.state!.waiting;
  assert.equal(why('up'), { reason: 'CreateContainerConfigError', message: "unable to provision SubPath `..`: must not contain '..'" });
  assert.is(why('abs')!.message, 'error SubPath `/etc` must not be an absolute path');
  assert.is(why('unset')!.message, 'missing value for "NOPE"');
});

test('the group of a pod owns its volumes; a Secret is readable for it', () => {
  const c = setUp();
  c.client.create({ kind: 'Secret', metadata: { name: 'key' }, data: { a: 'MQ==' } });
  const spec = { securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 } };
  c.run('web', sleeper([{ name: 'e', emptyDir: {} }, { name: 's', secret: { secretName: 'key', defaultMode: 0o400 } }], [mount('e', '/e'), mount('s', '/s')], spec));
  c.advance('10s');
  assert.is(inPod(c, 'web', 'id; touch /e/f; stat -c "%u %g" /e/f; stat -c "%A %g" /e; stat -L -c "%a %g" /s/a; cat /s/a'), 'uid=1000 gid=3000 groups=3000,2000\n1000 2000\ndrwxrwsrwx 2000\n440 2000\n1');
  assert.is(inPod(c, 'web', 'echo x > /etc/passwd; mkdir /x; whoami'), "sh: can't create /etc/passwd: Permission denied\nmkdir: can't create directory '/x': Permission denied\nwhoami: unknown uid 1000\n");
});

test.run();
