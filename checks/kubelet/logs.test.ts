// Logs of containers: what can be asked for, and the files that lie on the machine.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { configurationPath } from '../../lib/kubelet/configuration.ts';
import { setUp, shell, web } from './node.ts';

const test = suite('kubelet: logs');

type World = ReturnType<typeof setUp>;
const read = (c: World, path: string) => c.machine.files.read(path)!;
const folderOf = (c: World, pod: string) => `/var/log/pods/default_${pod}_${c.pod(pod).metadata.uid}`;
const logs = (c: World, pod: string, container = 'main', previous = false) => c.kubelet.handlers.logs(c.pod(pod), container, { previous });

test('a container has a file for each of its runs, and a link for those who collect logs', () => {
  const c = setUp();
  c.run('crash', shell('echo one; echo two; sleep 2; exit 1'));
  c.advance('5s');
  assert.equal(c.machine.files.list(`${folderOf(c, 'crash')}/main`), ['0.log', '1.log']);
  assert.match(read(c, `${folderOf(c, 'crash')}/main/1.log`), /^2026-01-01T00:00:0\d\.\d{9}Z stdout F one\n2026-01-01T00:00:0\d\.\d{9}Z stdout F two\n$/);
  const { containerID } = c.pod('crash').status.containerStatuses![0]!;
  const name = `crash_default_main-${containerID!.slice('containerd://'.length)}.log`;
  assert.ok(c.machine.files.list('/var/log/containers').includes(name));
  assert.is(c.machine.files.realPath(`/var/log/containers/${name}`), `${folderOf(c, 'crash')}/main/1.log`);
  assert.is(logs(c, 'crash'), 'one\ntwo\n');
  assert.is(logs(c, 'crash', 'main', true), 'one\ntwo\n');
  const folder = folderOf(c, 'crash');
  c.remove('crash', 0);
  c.advance('3s');
  assert.is(c.machine.files.find(folder), undefined);
});

test('docker keeps them elsewhere, as JSON', () => {
  const c = setUp({ version: 'v1.20' });
  c.run('talk', shell('echo one; sleep 1000'));
  c.advance('5s');
  const id = c.pod('talk').status.containerStatuses![0]!.containerID!.slice('docker://'.length);
  const path = `${folderOf(c, 'talk')}/main/0.log`;
  assert.is(c.machine.files.realPath(path), `/var/lib/docker/containers/${id}/${id}-json.log`);
  assert.match(read(c, path), /^\{"log":"one\\n","stream":"stdout","time":"2026-01-01T00:00:0\d\.\d{9}Z"\}\n$/);
});

test('a pod can read the logs of its node', () => {
  const c = setUp();
  c.run('talk', shell('echo hello; sleep 1000'));
  c.run('collect', { containers: [{ name: 'a', image: 'busybox:1.36', command: ['sleep', '1000'], volumeMounts: [{ name: 'logs', mountPath: '/var/log' }] }], volumes: [{ name: 'logs', hostPath: { path: '/var/log' } }] });
  c.advance('8s');
  assert.match(c.kubelet.handlers.exec(c.pod('collect'), 'a', ['sh', '-c', 'cat /var/log/containers/talk_*']).stdout, / stdout F hello\n$/);
});

test('a log that grows too large begins a new file; only that is shown, and few are kept', () => {
  const c = setUp();
  c.machine.files.makeDirectories('/var/lib/kubelet');
  c.machine.files.write(configurationPath, 'containerLogMaxSize: 1Ki\ncontainerLogMaxFiles: 4\n');
  c.kubelet.stop();
  c.kubelet.start();
  c.run('talk', shell('i=0; while true; do i=$((i+1)); echo line $i; sleep 1; done'));
  c.run('quiet', web());
  c.advance('60s');
  const files = () => c.machine.files.list(`${folderOf(c, 'talk')}/main`);
  assert.is(files()[0], '0.log');
  assert.match(files()[1]!, /^0\.log\.20260101-00\d\d\d0(\.gz)?$/);
  const shown = logs(c, 'talk');
  assert.not.match(shown, /^line 1$/m);
  assert.ok(read(c, `${folderOf(c, 'talk')}/main/${files()[1]}`).includes(' line 1\n'));
  c.advance('5m');
  assert.equal(files().length, 4);
  assert.ok(files().filter((name) => name.endsWith('.gz')).length === 2 && files()[1]!.endsWith('.gz'));
  assert.equal(c.machine.files.list(`${folderOf(c, 'quiet')}/web`), ['0.log']);
});

test.run();
