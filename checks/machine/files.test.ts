// A file system: links, mounts, who may what; bytes as text; archives.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesOf, directory, DirectoryNode, file, FileError, FileView, link, modeText, pack, textOf, unpack } from '../../lib/machine/index.ts';
import { createRandom } from '../../lib/sim/index.ts';

const test = suite('machine: files');
const clock = { now: 0 };
const view = (more: object = {}) => new FileView({ root: directory({ etc: { a: file('A') }, tmp: new DirectoryNode({ mode: 0o1777 }), to: link('etc/a'), round: link('round') }), clock, ...more });
const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof FileError) return error.code;
    throw error;
  }
  return 'ok';
};

test('any bytes survive being text', () => {
  const random = createRandom('bytes');
  for (let round = 0; round < 200; round++) {
    const bytes = Uint8Array.from({ length: random.int(40) }, () => random.int(256));
    assert.equal([...bytesOf(textOf(bytes))], [...bytes]);
  }
  assert.is(textOf(new TextEncoder().encode('한글 ok')), '한글 ok');
});

test('paths go through links, and not round in circles', () => {
  const files = view();
  assert.is(files.readFile('/to'), 'A');
  assert.is(files.readFile('/etc/../to'), 'A');
  assert.is(code(() => files.readFile('/round')), 'ELOOP');
  assert.is(code(() => files.readFile('/etc')), 'EISDIR');
  assert.is(code(() => files.readFile('/etc/a/b')), 'ENOTDIR');
  assert.is(code(() => files.write('/no/where', '')), 'ENOENT');
  files.write('/to', 'B');
  assert.is(files.readFile('/etc/a'), 'B');
});

test('bits of owner, group and others; a sticky directory; a group that is handed down', () => {
  const root = directory({ tmp: new DirectoryNode({ mode: 0o1777 }), group: new DirectoryNode({ mode: 0o2775, gid: 7 }), secret: file('x', { mode: 0o640, gid: 7 }) });
  const as = (uid: number, groups: number[] = []) => new FileView({ root, clock, credentials: { uid, gid: uid, groups } });
  assert.is(code(() => as(5).readFile('/secret')), 'EACCES');
  assert.is(as(5, [7]).readFile('/secret'), 'x');
  assert.is(code(() => as(5, [7]).write('/secret', 'y')), 'EACCES');
  assert.is(code(() => as(5).write('/new', '')), 'EACCES');
  as(5).write('/tmp/mine', '');
  assert.is(code(() => as(6).remove('/tmp/mine')), 'EPERM');
  assert.is(code(() => as(6).changeMode('/tmp/mine', 0o777)), 'EPERM');
  as(5, [7]).makeDirectory('/group/d');
  assert.equal([as(0).find('/group/d')!.gid, modeText(as(0).find('/group/d')!)], [7, 'drwxr-sr-x']);
});

test('what is mounted covers what was there, may be read-only and cannot be removed', () => {
  const shared = directory({ f: file('from the volume') });
  const files = view({ readOnly: true, mounts: [{ path: '/etc', source: () => shared }, { path: '/new/place', source: () => shared, readOnly: true }] });
  assert.equal(files.list('/etc'), ['f']);
  files.write('/etc/g', '1');
  assert.is(files.readFile('/new/place/g'), '1');
  assert.is(code(() => files.write('/new/place/h', '')), 'EROFS');
  assert.is(code(() => files.write('/tmp/x', '')), 'EROFS');
  assert.is(code(() => files.remove('/new/place')), 'EBUSY');
});

test('a copy of a template changes alone', () => {
  const template = directory({ a: { b: file('1') } });
  const [one, two] = [0, 1].map(() => new FileView({ root: new DirectoryNode(template, template), clock }));
  one!.write('/a/b', '2');
  assert.equal([one!.readFile('/a/b'), two!.readFile('/a/b')], ['2', '1']);
});

test('archives: what is packed comes out again, long names too', () => {
  const long = `${'d/'.repeat(60)}name`;
  const entries = [{ name: 'dir', kind: 'directory' as const, content: '' }, { name: 'dir/f', kind: 'file' as const, content: 'x\udcff한', mode: 0o750 }, { name: 'l', kind: 'link' as const, content: '', target: 'dir/f' }, { name: long, kind: 'file' as const, content: 'y' }];
  const out = [...unpack(pack(entries))];
  assert.equal(out.map(({ name, kind, content, target }) => [name, kind, content, target]), entries.map(({ name, kind, content, ...rest }) => [name, kind, content, (rest as { target?: string }).target]));
  assert.is(out[1]!.mode, 0o750);
});

test.run();
