import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { directory, DirectoryNode, file } from '../../lib/machine/index.ts';
import { createRandom, type Random } from '../../lib/sim/index.ts';
import { difference, ImageStore, Registries, union, walk, type Image } from '../../lib/workloads/index.ts';

const test = suite('workloads: layers');
const paths = (tree: DirectoryNode) => [...walk(tree)].map(([path, inode]) => (inode.kind === 'file' ? `${path}=${inode.content}` : path));

test('the upper layer wins; whiteouts and opaque directories hide what lies below', () => {
  const lower = directory({ etc: { hosts: file('a'), passwd: file('p') }, app: { old: file('1'), 'keep.txt': file('k') } });
  const upper = directory({ etc: { hosts: file('b'), '.wh.passwd': file('') }, app: { '.wh..wh..opq': file(''), new: file('2') } });
  assert.equal(paths(union([lower, upper])), ['/app', '/app/new=2', '/etc', '/etc/hosts=b']);
  assert.equal(paths(lower).length, 6, 'the layers themselves stay as they are');
});

test('a file takes the place of a directory, and the other way round', () => {
  const lower = directory({ a: { x: file('1') }, b: file('2') });
  const upper = directory({ a: file('3'), b: { y: file('4') } });
  assert.equal(paths(union([lower, upper])), ['/a=3', '/b', '/b/y=4']);
});

function randomTree(random: Random, depth = 0): DirectoryNode {
  const tree = new DirectoryNode({ mode: random.pick([0o755, 0o700]) });
  for (const name of ['a', 'b', 'c', 'd']) {
    if (random.next() < 0.4) continue;
    tree.entries.set(name, depth < 2 && random.next() < 0.4 ? randomTree(random, depth + 1) : file(String(random.int(3)), { mode: random.pick([0o644, 0o600]) }));
  }
  return tree;
}

test('a difference laid over what was there gives what came after', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = createRandom(seed);
    const [before, after] = [randomTree(random), randomTree(random)];
    const layer = difference(before, after);
    const again = layer ? union([before, layer]) : before;
    const shown = (tree: DirectoryNode) => [...walk(tree)].map(([path, inode]) => `${path} ${inode.kind} ${inode.mode} ${inode.kind === 'file' ? inode.content : ''}`);
    assert.equal(shown(again), shown(after), `seed ${seed}`);
  }
});

test('the disk keeps a layer once, and as long as an image has it', () => {
  const registries = new Registries();
  const image = (name: string) => (registries.resolve(name) as { image: Image }).image;
  const store = new ImageStore();
  const [nginx, httpd] = [image('nginx:1.27'), image('httpd:2.4')];
  store.add(nginx);
  assert.equal(store.missing(httpd).map(({ digest }) => digest), httpd.layers.slice(1).map(({ digest }) => digest));
  store.add(httpd);
  assert.is(store.untag(nginx), true);
  assert.ok(store.has(httpd.layers[0]!), 'the base is in use');
  store.untag(httpd);
  assert.not(store.has(httpd.layers[0]!));
});

test('registries: who may write where', () => {
  const registries = new Registries();
  registries.signUp('docker.io', { username: 'bruzn', password: 'pw' });
  registries.signUp('registry.example.com', { username: 'lab', password: 'pw' }, { isPrivate: true });
  const problem = (domain: string, path: string, username?: string) => registries.pushProblem({ domain, path }, username ? { username, password: 'pw' } : undefined);
  assert.is(problem('docker.io', 'bruzn/app', 'bruzn'), undefined);
  assert.is(problem('docker.io', 'library/app', 'bruzn'), 'denied');
  assert.is(problem('docker.io', 'bruzn/app'), 'denied');
  assert.is(problem('registry.example.com', 'any/app', 'lab'), undefined);
  assert.is(problem('registry.example.com', 'any/app'), 'no-credentials');
  assert.is(problem('nowhere.example', 'app', 'lab'), 'no-such-host');
  assert.equal(registries.resolve('registry.example.com/app'), { missing: 'unauthorized', reference: { domain: 'registry.example.com', path: 'app' } });
});

test.run();
