// Who may import whom in `lib/`: the table of DESIGN.md, "The heart".
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const lib = join(import.meta.dirname, '..', 'lib');

const heart = ['sim', 'api', 'etcd', 'machine', 'apiserver', 'client', 'controllers', 'scheduler', 'kubelet', 'network', 'autoscaling', 'workloads', 'kubectl', 'view', 'cluster', 'install'];

/** What each folder may import. `sim` and `api` are the vocabulary of all who stand on something that speaks it. */
const borders: Record<string, string[]> = {
  sim: [],
  api: ['sim'],
  etcd: ['sim'],
  machine: ['sim'],
  apiserver: ['api', 'etcd', 'sim'],
  client: ['apiserver', 'api', 'sim'],
  controllers: ['client', 'machine', 'api', 'sim'],
  scheduler: ['client', 'machine', 'api', 'sim'],
  kubelet: ['client', 'machine', 'api', 'sim'],
  network: ['client', 'machine', 'api', 'sim'],
  autoscaling: ['client', 'machine', 'api', 'sim'],
  workloads: ['machine', 'sim'],
  kubectl: ['client', 'machine', 'api', 'sim'],
  view: ['api', 'sim'],
  cluster: heart.filter((folder) => folder !== 'cluster' && folder !== 'install'),
  serve: ['cluster', 'apiserver', 'api', 'etcd'],
  // kubeadm speaks to the API server as kubectl does, and is a program of a machine's shell.
  install: ['cluster', 'client', 'kubectl', 'workloads', 'machine', 'api', 'sim'],
  // The cluster and the book know nothing of each other but the public names.
  book: ['index.ts', 'serve'],
  'index.ts': heart,
};

/** Packages that the heart may use: they read no clock, file or socket. */
const pure = /^(yaml|diff|kubernetes-types\/.+|@marcbachmann\/cel-js)$/;
const impure = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bset(Timeout|Interval|Immediate)\(|\bperformance\.now\(/;

interface Import {
  /** Relative to lib: `controllers/replicaset.ts`. */
  from: string;
  line: number;
  to: string;
}

const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort();

const imports: Import[] = files.flatMap((from) =>
  [...readFileSync(join(lib, from), 'utf8').matchAll(/^(?:import|export)\b[^;]*?\bfrom\s+'([^']+)'|\bimport\('([^']+)'\)|^import\s+'([^']+)'/gm)].map((match) => ({
    from,
    line: match.input.slice(0, match.index).split('\n').length,
    to: (match[1] ?? match[2] ?? match[3])!,
  })),
);

const folderOf = (file: string) => file.split('/')[0]!;
const target = ({ from, to }: Import) => join(from, '..', to);
const inHeart = (file: string) => heart.includes(folderOf(file)) || file === 'index.ts';
const place = ({ from, line, to }: Import) => `lib/${from}:${line} imports ${to}`;
const relative = imports.filter(({ to }) => to.startsWith('.'));

test('every folder of lib has a border', () => {
  assert.equal([...new Set(files.map(folderOf))].filter((folder) => !(folder in borders)), []);
});

test('imports go the way of the table', () => {
  const wrong = relative.filter((one) => folderOf(target(one)) !== folderOf(one.from) && !borders[folderOf(one.from)]?.includes(folderOf(target(one))));
  assert.equal(wrong.map(place), []);
});

test('a folder is imported through its index.ts (or its types.ts, its contract)', () => {
  const wrong = relative.filter((one) => folderOf(target(one)) !== folderOf(one.from) && !/^([^/]+\/)?(index|types)\.ts$/.test(target(one)));
  assert.equal(wrong.map(place), []);
});

test('nothing in lib imports what lies outside of it', () => {
  assert.equal(relative.filter((one) => target(one).startsWith('..')).map(place), []);
});

test('the heart imports no file, no socket and no package that does', () => {
  assert.equal(imports.filter(({ from, to }) => inHeart(from) && !to.startsWith('.') && !pure.test(to)).map(place), []);
});

test('the heart reads no wall clock, no chance and sets no timer', () => {
  const wrong = files.filter(inHeart).flatMap((file) =>
    readFileSync(join(lib, file), 'utf8')
      .split('\n')
      .flatMap((text, i) => (impure.test(text.replace(/^\s*(\/\/|\/?\*).*/, '').replace(/(['"`]).*?\1/g, '')) ? [`lib/${file}:${i + 1} ${text.trim()}`] : [])),
  );
  assert.equal(wrong, []);
});

test.run();
