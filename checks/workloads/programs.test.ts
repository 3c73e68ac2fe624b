// What containers run: the commands of their shells, and the test image's.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMachine, type ContainerConfig, type Network } from '../../lib/machine/index.ts';
import { Clock, createRandom } from '../../lib/sim/index.ts';
import { createRuntime } from '../../lib/workloads/index.ts';

const test = suite('workloads: programs');
const network: Network = { problem: () => undefined, attach: () => '10.244.0.2', detach: () => {}, query: () => ({ rcode: 'NXDOMAIN', records: [] }), dial: (_, __, port) => ({ ip: '', port, error: 'refused' }) };

function container(image: string, config: Partial<ContainerConfig> = {}) {
  const clock = new Clock();
  const machine = createMachine({ name: 'node-1', clock });
  const runtime = createRuntime({ machine, network, random: createRandom(1), sandboxDuration: () => 0 });
  runtime.imageService.load(image);
  runtime.runSandbox({ uid: 'u', name: 'box', namespace: 'default', hostname: 'box', hostNetwork: false, attempt: 0 });
  clock.runDue();
  const record = runtime.createContainer('u', { name: 'a', image: runtime.image(image)!, attempt: 0, env: () => ({}), mounts: () => [], ...config });
  runtime.startContainer(record.id);
  const advance = (ms: number) => {
    for (const end = clock.now + ms; clock.now < end; clock.runDue()) clock.now = Math.min(clock.next() ?? end, end);
  };
  const get = (path: string, port: number) => {
    const response = runtime.pods.get('u')!.containers.length > 0 ? (runtime.pods.get('u') as unknown as { listener(port: number): ((request: object) => { status: number; body: string }) | undefined }).listener(port) : undefined;
    return response?.({ method: 'GET', path, host: '10.244.0.2', port, from: '10.0.0.1' });
  };
  const sh = (script: string) => {
    const { stdout, stderr } = runtime.exec(record.id, ['sh', '-c', script]);
    return stdout + stderr;
  };
  return { record, runtime, advance, get, sh, logs: () => runtime.logs(record.id) };
}
const box = (config: Partial<ContainerConfig> = {}) => container('busybox:1.36', { command: ['sleep', '1000'], ...config });
const agnhost = (...args: string[]) => container('registry.k8s.io/e2e-test-images/agnhost:2.21', { args });

test('files are copied, moved, removed, linked and changed', () => {
  const { sh } = box();
  assert.is(sh('cd /tmp; mkdir -p a/b; echo 1 > a/b/f; cp -r a c; mv c/b/f c/g; find c; cat c/g'), 'c\nc/b\nc/g\n1\n');
  assert.is(sh('cd /tmp; rm a; rm -r a c; ls; rm gone; rm -f gone'), "rm: 'a' is a directory\nrm: can't remove 'gone': No such file or directory\n");
  assert.is(sh('cd /tmp; touch f; chmod u=rw,g+x,o= f; stat -c %a f; chmod 4755 f; stat -c "%a %A" f; chmod zzz f'), "650\n4755 -rwsr-xr-x\nchmod: invalid mode 'zzz'\n");
  assert.is(sh('cd /tmp; ln -s f l; readlink l; ls -l l | cut -c1-10; mkdir d; rmdir d; ls d'), 'f\nlrwxrwxrwx\nls: d: No such file or directory\n');
  assert.is(sh('cd /tmp; tar cf x.tar f l; mkdir out; tar xf x.tar -C out; ls out'), 'f\nl\n');
});

test('text is cut, replaced, counted and hashed', () => {
  const { sh } = box();
  assert.is(sh("printf 'a b\\nc d\\n' > /tmp/t; awk '{print $2}' /tmp/t; sed 's/[ac]/X/' /tmp/t; cut -d' ' -f1 /tmp/t; wc -l < /tmp/t"), 'b\nd\nX b\nX d\na\nc\n2\n');
  assert.is(sh('echo -n hello | md5sum; echo -n hello | base64; echo aGVsbG8= | base64 -d; echo abc | tr a-c A-C'), '5d41402abc4b2a76b9719d911017c592  -\naGVsbG8=\nhelloABC\n');
  assert.is(sh('seq 5 | tail -n 2; seq 5 | head -2; nproc; basename /a/b; dirname /a/b'), '4\n5\n1\n2\n2\nb\n/a\n');
});

test('sizes: dd, du, df and mount', () => {
  const { sh } = box();
  assert.match(sh('dd if=/dev/zero of=/tmp/z bs=1k count=3; stat -c %s /tmp/z'), /3072 bytes copied\n/);
  assert.match(sh('df /; mount'), /overlay .*% \/\n[^]*proc on \/proc type proc/);
});

test('agnhost: netexec answers, echoes, runs and exits', () => {
  const { get, record, advance, logs } = agnhost('netexec', '--http-port=8083');
  assert.is(get('/hostname', 8083)!.body, 'box');
  assert.equal(get('/echo?msg=hi+there&code=201', 8083), { status: 201, body: 'hi there' });
  assert.equal(JSON.parse(get('/shell?cmd=echo%20out%3B%20exit%203', 8083)!.body), { output: 'out\n', error: 'exit status 3' });
  assert.is(get('/healthz', 8083)!.status, 200);
  assert.match(logs(), /Started HTTP server on port 8083\n[^]*GET \/echo\?msg=hi\+there/);
  get('/exit?code=7&wait=5s', 8083);
  advance(4_000);
  assert.is(record.state, 'running');
  advance(2_000);
  assert.equal([record.state, record.exitCode], ['exited', 7]);
});

test('agnhost: its small commands run beside its main process, and only in its image', () => {
  const at = agnhost('pause');
  assert.is(at.sh('cp /etc/resolv.conf /tmp/r; printf "nameserver 1.1.1.1\\nsearch a.local b.local\\n" > /etc/resolv.conf; /agnhost dns-suffix; agnhost dns-server-list'), 'a.local,b.local\n1.1.1.1\n');
  assert.match(at.sh('/agnhost etc-hosts'), /^# Kubernetes-managed hosts file|localhost|^\n/);
  assert.match(at.sh('/agnhost connect nowhere; echo $?; /agnhost connect --timeout=1s no.such.name:80; echo $?'), /^1\n1\nUNKNOWN: .*\nDNS: .*\n$/);
  assert.is(at.sh('(agnhost dns-server-list)'), '1.1.1.1\n');
  assert.match(box().sh('agnhost dns-suffix'), /not found/);
});

test('agnhost: netexec listens by TCP and by UDP on ports of one number', () => {
  const { get, record } = agnhost('netexec', '--http-port=8080', '--udp-port=8080');
  assert.equal([get('/hostname', 8080)!.body, record.state], ['box', 'running']);
});

test('agnhost: mounttest looks in its own order and fails with what it cannot see', () => {
  const { logs, advance, record } = agnhost('mounttest', '--file_perm=/tmp/f', '--new_file_0666=/tmp/f', '--file_mode=/tmp', '--file_owner=/tmp/f', '--file_content=/nope');
  advance(1_000);
  assert.is(logs(), 'content of file "/tmp/f": mount-tester new file\n\nmode of file "/tmp": dtrwxrwxrwx\nperms of file "/tmp/f": -rw-rw-rw-\nowner UID of "/tmp/f": 0\nowner GID of "/tmp/f": 0\nerror reading file content for "/nope": no such file or directory\n');
  assert.is(record.exitCode, 1);
});

test('agnhost: arguments are printed, lines are written evenly, and by itself it pauses', () => {
  const tester = agnhost('entrypoint-tester', 'a', '$b');
  assert.is(tester.logs(), '[/agnhost entrypoint-tester a $b]\n');
  const generator = agnhost('logs-generator', '-t', '10', '--run-duration=5s');
  generator.advance(2_100);
  assert.is(generator.logs().split('\n').length - 1, 5);
  generator.advance(5_000);
  assert.equal([generator.record.state, generator.record.exitCode], ['exited', 0]);
  assert.is(agnhost().logs(), 'Paused\n');
});

test('servers: nginx serves the files that are there, and has nothing to show for an empty directory', () => {
  const { get, sh } = container('nginx:1.27');
  assert.match(get('/', 80)!.body, 'Welcome to nginx!');
  sh('echo mine > /usr/share/nginx/html/index.html');
  assert.is(get('/', 80)!.body, 'mine\n');
  sh('rm /usr/share/nginx/html/index.html');
  assert.is(get('/', 80)!.status, 403);
  assert.is(get('/nope', 80)!.status, 404);
});

test('servers of the official images take options alone as their own', () => {
  for (const [image, ...args] of [['redis:7', '--appendonly', 'yes'], ['mysql:8.4', '--max-connections=200'], ['postgres:16', '-c', 'max_connections=200'], ['mongo:7.0', '--replSet', 'rs0'], ['memcached:1.6', '-m', '64'], ['php:8-apache', '-DFOREGROUND']]) {
    const { record, advance } = container(image!, { args, env: () => ({ MYSQL_ROOT_PASSWORD: 'x', POSTGRES_PASSWORD: 'x' }) });
    advance(20_000);
    assert.is(record.state, 'running', image);
  }
  // nginx' own entry point runs what it is given as it stands.
  assert.throws(() => container('nginx:1.27', { args: ['-t'] }), /executable file not found/);
});

test('perl: the Job of the documentation computes pi', () => {
  const { record, advance, logs } = container('perl:5.34.0', { command: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(40)'] });
  advance(10_000);
  assert.is(logs(), '3.141592653589793238462643383279502884197\n');
  assert.equal([record.state, record.exitCode], ['exited', 0]);
});

test('apt is apt-get with a warning, and only where there is one', () => {
  const debian = container('debian:12', { command: ['sleep', '1000'] });
  assert.is(debian.sh('apt-get -qq update; apt-get -qq install curl; ls /usr/bin/curl'), '/usr/bin/curl\n');
  assert.match(debian.sh('apt install -y vim'), /^[^]*Setting up vim \.\.\.\n[^]*WARNING: apt does not have a stable CLI interface\./);
  assert.is(box().sh('apt update'), 'sh: apt: not found\n');
});

test.run();
