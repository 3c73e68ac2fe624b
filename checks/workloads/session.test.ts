// What people type into containers: exec -it, attach -it, pipes.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Pod } from '../../lib/api/index.ts';
import { type Cluster, createCluster } from '../../lib/cluster/index.ts';

const test = suite<{ cluster: Cluster }>('session');
test.before((context) => {
  context.cluster = createCluster({ nodes: 1 });
  context.cluster.kubectl.run('run box --image=busybox -- sleep 100000');
  context.cluster.advance('10s');
});

const podOf = (cluster: Cluster, name = 'box') => cluster.client.get('Pod', { namespace: 'default', name }) as Pod;

/** A session in the pod `box`, and everything that came out of it. */
function exec(cluster: Cluster, command: string[], { stdin = true, tty = false } = {}) {
  const seen = { out: '', err: '', exitCode: undefined as number | undefined, error: undefined as string | undefined };
  const session = cluster.kubelets.of(podOf(cluster)).session(podOf(cluster), 'box', command, {
    stdin,
    tty,
    out: (text) => void (seen.out += text),
    err: (text) => void (seen.err += text),
    done: ({ exitCode, error }) => Object.assign(seen, { exitCode, error }),
  });
  return { session, seen };
}

test('a terminal: prompt, echo, output, exit status', ({ cluster }) => {
  const { session, seen } = exec(cluster, ['sh'], { tty: true });
  session.write('cd /tmp\r');
  session.write('echo a; exit 4\r');
  assert.is(seen.out, '/ # cd /tmp\r\n/tmp # echo a; exit 4\r\na\r\n');
  assert.is(seen.exitCode, 4);
});

test('backspace, arrows, Ctrl-C and Ctrl-D', ({ cluster }) => {
  const { session, seen } = exec(cluster, ['sh'], { tty: true });
  session.write('echo oops\x7f\x7f\x7f\x7fgood\x1b[A\r');
  assert.match(seen.out, '\r\ngood\r\n/ # ');
  session.write('sleep 1000\r');
  cluster.advance('5s');
  session.write('\x03');
  session.write('echo $?\r');
  assert.match(seen.out, '^C\r\n/ # echo $?\r\n130\r\n');
  session.write('\x04');
  assert.is(typeof seen.exitCode, 'number');
});

test('a command goes on in the next line, and variables and files stay', ({ cluster }) => {
  const { session, seen } = exec(cluster, ['sh'], { tty: true });
  session.write('for i in 1 2; do\recho n$i\rdone\rx=5\recho $x > /tmp/x\rcat /tmp/x\r');
  assert.match(seen.out, '> echo n$i\r\n> done\r\nn1\r\nn2\r\n');
  assert.match(seen.out, 'cat /tmp/x\r\n5\r\n');
  session.write('if fi\r');
  assert.match(seen.out, 'syntax error');
  session.stop();
});

test('without a terminal: no prompt, no echo, errors apart', ({ cluster }) => {
  const { session, seen } = exec(cluster, ['sh']);
  session.write('echo a\necho b >');
  session.write('&2\nfalse');
  assert.equal([seen.out, seen.err, seen.exitCode], ['a\n', 'b\n', undefined]);
  session.close();
  assert.is(seen.exitCode, 1);
});

test('a command that reads waits for the end of its input; others do not', ({ cluster }) => {
  const cat = exec(cluster, ['cat']);
  cat.session.write('one\ntwo');
  assert.is(cat.seen.exitCode, undefined);
  cat.session.close();
  assert.equal([cat.seen.out, cat.seen.exitCode], ['one\ntwo', 0]);
  assert.is(exec(cluster, ['cat', '/etc/hostname'], { tty: true }).seen.out, 'box\r\n');
  assert.is(exec(cluster, ['sh', '-c', 'cat /etc/hostname'], { tty: true }).seen.exitCode, 0);
  const copy = exec(cluster, ['sh', '-c', 'cat > /tmp/copy; wc -l < /tmp/copy']);
  copy.session.write('a\nb\n');
  copy.session.close();
  assert.is(copy.seen.out.trim(), '2');
  assert.equal(exec(cluster, ['hostname']).seen, { out: 'box\n', err: '', exitCode: 0, error: undefined });
  assert.match(exec(cluster, ['nothing']).seen.error!, 'executable file not found');
});

test('a command takes its time, and ends with its container', ({ cluster }) => {
  const { seen } = exec(cluster, ['sh', '-c', 'sleep 5; echo done'], { stdin: false });
  cluster.advance('4s');
  assert.is(seen.exitCode, undefined);
  cluster.advance('2s');
  assert.equal([seen.out, seen.exitCode], ['done\n', 0]);
});

test('attach: the main shell of a pod reads what is typed and ends with it', ({ cluster }) => {
  cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'typed', namespace: 'default' }, spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command: ['sh'], stdin: true, stdinOnce: true, tty: true }] } } as never);
  cluster.advance('1m');
  assert.is(podOf(cluster, 'typed').status.phase, 'Running');
  const pod = podOf(cluster, 'typed');
  let [text, done] = ['', false];
  const session = cluster.kubelets.of(pod).attach(pod, 'c', { stdin: true, tty: true, out: (piece) => void (text += piece), err: () => {}, done: () => void (done = true) })!;
  session.write('hostname\rexit 3\r');
  cluster.advance('5s');
  assert.is(text, 'hostname\r\ntyped\r\n/ # exit 3\r\n');
  assert.ok(done);
  assert.is(session.alive(), false);
  assert.equal(podOf(cluster, 'typed').status.containerStatuses![0]!.state!.terminated!.exitCode, 3);
  assert.is(cluster.kubelets.of(pod).logs(podOf(cluster, 'typed'), 'c'), 'typed\n');
  assert.is(cluster.kubelets.of(podOf(cluster)).attach(podOf(cluster), 'box', { stdin: true, tty: false, out() {}, err() {}, done() {} }), undefined);
});

test('attach: a main process that reads gets its input, and what it prints comes back', ({ cluster }) => {
  const script = 'while [ -z "$s" ]; do read s; sleep 1; done; echo read:$s && cat && echo over; exit 42';
  cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'reads', namespace: 'default' }, spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', script], stdin: true, stdinOnce: true }] } } as never);
  cluster.advance('1m');
  assert.is(podOf(cluster, 'reads').status.phase, 'Running');
  let [text, done] = ['', false];
  const session = cluster.kubelets.of(podOf(cluster, 'reads')).attach(podOf(cluster, 'reads'), 'c', { stdin: true, tty: false, out: (piece) => void (text += piece), err: () => {}, done: () => void (done = true) })!;
  session.write('value\nrest\n');
  session.close();
  cluster.advance('5s');
  assert.equal([text, done], ['read:value\nrest\nover\n', true]);
  assert.is(podOf(cluster, 'reads').status.containerStatuses![0]!.state!.terminated!.exitCode, 42);
  assert.is(cluster.kubelets.of(podOf(cluster, 'reads')).logs(podOf(cluster, 'reads'), 'c'), text);
});

test('kubectl run -i: a main process that reads is given what there is, and ends', ({ cluster }) => {
  assert.is(cluster.kubectl.run('run fed -i --rm --image=busybox --restart=Never -- sh -c "cat; echo over"').stdout, 'over\npod "fed" deleted\n');
});

test.run();
