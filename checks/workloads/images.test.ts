import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMachine, type Network } from '../../lib/machine/index.ts';
import { Clock, createRandom } from '../../lib/sim/index.ts';
import { createRuntime, familiarName, fullName, type Image, InvalidReference, parseReference, Registries } from '../../lib/workloads/index.ts';

const test = suite('workloads: images');
const names = (text: string) => [fullName(parseReference(text)), familiarName(parseReference(text))];

test('references: short names, registries, tags, digests', () => {
  assert.equal(names('nginx'), ['docker.io/library/nginx:latest', 'nginx:latest']);
  assert.equal(names('luksa/kubia:v1'), ['docker.io/luksa/kubia:v1', 'luksa/kubia:v1']);
  assert.equal(names('registry.k8s.io/pause:3.10'), ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10']);
  assert.equal(names('localhost:5000/app'), ['localhost:5000/app:latest', 'localhost:5000/app:latest']);
  assert.is(parseReference(`nginx@sha256:${'a'.repeat(64)}`).digest, `sha256:${'a'.repeat(64)}`);
});

test('names that no image can have', () => {
  for (const [name, message] of [
    ['Nginx', 'invalid reference format: repository name (library/Nginx) must be lowercase'],
    ['nginx:', 'invalid reference format'],
    ['nginx::1', 'invalid reference format'],
    ['', 'invalid reference format'],
    ['a b', 'invalid reference format'],
  ]) {
    assert.throws(() => parseReference(name!), (error: Error) => error instanceof InvalidReference && error.message === message, name);
  }
});

test('known repositories have their releases and no later ones', () => {
  const registries = new Registries();
  const has = (name: string) => 'image' in registries.resolve(name);
  for (const name of ['nginx', 'nginx:1.7.9', 'nginx:1.14.2', 'nginx:1.27-alpine', 'nginx:alpine', 'busybox:1.36.1', 'redis:7.2', 'mysql:8.0', 'k8s.gcr.io/echoserver:1.4', 'k8s.gcr.io/pause:3.2', 'python:3.12-slim', 'httpd:2.4']) assert.ok(has(name), name);
  for (const name of ['nginx:1.161', 'nginx:2.0', 'nginx:latst', 'redis:99', 'nosuch', 'me/private']) assert.not(has(name), name);
});

test('layers are shared: what lies there is not downloaded again', () => {
  const clock = new Clock();
  const machine = createMachine({ name: 'n', clock, bandwidth: 10e6 });
  const runtime = createRuntime({ machine, network: {} as Network, random: createRandom(3) });
  const pull = (name: string) => {
    const start = clock.now;
    let error: string | undefined = 'not done';
    runtime.pull(name, (e) => void (error = e));
    while (error === 'not done' && clock.next() !== undefined) {
      clock.now = clock.next()!;
      clock.runDue();
    }
    assert.is(error, undefined);
    return clock.now - start;
  };
  const first = pull('nginx:1.27');
  assert.ok(first > 5_000, String(first));
  assert.ok(pull('nginx:1.27') < 100);
  const [layers, again] = ['nginx:1.27', 'httpd:2.4'].map((name) => (runtime.registries.resolve(name) as { image: Image }).image.layers.map((l) => l.digest));
  assert.is(layers![0], again![0]);
  assert.equal(runtime.images().map((i) => i.repoTags), [['docker.io/library/nginx:1.27']]);
});

test('one can push an image of one\'s own', () => {
  const registries = new Registries();
  registries.push('me/app', { size: 1000, newest: '2', cmd: ['sh', '-c', 'echo hi'] });
  const resolved = registries.resolve('me/app:1');
  assert.ok('image' in resolved && resolved.image.cmd[0] === 'sh');
});

test.run();
