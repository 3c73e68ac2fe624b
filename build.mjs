// Builds what notebooks and the command load: `node build.mjs [--quick]` (quick: without declarations).
//   dist/index.cjs        the package as a cell imports it (CommonJS, since tslab and Node's require read it): loads
//   dist/library.cjs      the library and its exercises, with V8's code for it in library-*.cache, one for each set of flags
//   dist/published-types.json  Kubernetes' words about its fields, read when somebody asks for them
//   dist/types/           its declarations, readable by the TypeScript 5.0 inside tslab
//   dist/kubook.js        the command
//   dist/serve.js         what `kubook serve` needs
//   dist/cell-runner.cjs  the process in which cells run
//   dist/answer-process.cjs  the process in which somebody else's answer runs: loads
//   dist/answers.cjs      the library and no exercises, with V8's code for it in answers-*.cache
//   dist/judge-process.cjs  the process that judges it
//   dist/type-checker.js  the process that type checks them
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
/** Node's flags for the process in which cells run. */
const cellFlags = JSON.parse(readFileSync(join(root, 'lib/book/cells/node-flags.json'), 'utf8'));
const quick = process.argv.includes('--quick');

/** The library together with the exercises of all lessons: neither knows of the other. */
const entry = `
  import { register } from './lib/book/exercise.ts';
  import { all } from './checks/lessons/index.ts';
  register(all);
  import { describeBy } from './lib/apiserver/index.ts';
  describeBy((path) => require(__dirname + '/published-types.json')[path]);
  export * from './lib/book/notebook.ts';
`;

/** What is served may be an exercise: its checks must be made of the same code as the cluster. */
const serveEntry = `
  import { register } from './lib/book/exercise.ts';
  import { all } from './checks/lessons/index.ts';
  register(all);
  export * from './lib/serve/index.ts';
  export { playExercise } from './lib/book/serve-exercise.ts';
  export { playLesson } from './lib/book/serve-lesson.ts';
`;

/** What an answer is given: the library, and no exercise. */
const answerEntry = `
  import { serveJudge } from './lib/book/apart/answer-process.ts';
  import { toldThere } from './checks/lessons/told-there.ts';
  export const answerJudge = () => serveJudge(toldThere);
  export { createCluster } from './lib/index.ts';
`;

/** The language of rules (CEL) is loaded when the first rule is compiled: most clusters have none. */
const lazily = {
  name: 'lazily',
  setup({ onLoad }) {
const path = JSON.stringify(fileURLToPath(import.meta.resolve('@marcbachmann/cel-js')));
    onLoad({ filter: /lib\/api\/cel\/library\.ts$/ }, () => ({ contents: `export const cel = { get Environment() { return require(${path}).Environment; } };`, loader: 'js', resolveDir: root }));
  },
};

/** The declarations of the packages that the schema has types of: who runs a cell may read dist/ and nothing else. */
function publishedTypes() {
  const { types } = JSON.parse(readFileSync(join(root, 'lib/api/schema/schema.json'), 'utf8'));
  const folder = dirname(fileURLToPath(import.meta.resolve('kubernetes-types/package.json')));
  const paths = [...new Set(['api/resource', ...Object.keys(types).map((type) => type.split('.')[0])])];
  const files = paths.map((path) => [path, join(folder, `${path}.d.ts`)]).filter(([, file]) => existsSync(file));
  return Object.fromEntries(files.map(([path, file]) => [path, readFileSync(file, 'utf8')]));
}

const shared = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20', logLevel: 'warning', legalComments: 'none' };

await Promise.all([
  build({ ...shared, stdin: { contents: entry, resolveDir: root, loader: 'ts' }, format: 'cjs', plugins: [lazily], outfile: 'dist/library.cjs' }),
  build({ ...shared, stdin: { contents: answerEntry, resolveDir: root, loader: 'ts' }, format: 'cjs', plugins: [lazily], outfile: 'dist/answers.cjs' }),
  build({ ...shared, entryPoints: ['lib/book/apart/judge-process.ts'], format: 'cjs', outfile: 'dist/judge-process.cjs' }),
  build({ ...shared, entryPoints: ['lib/book/cells/child.ts'], format: 'cjs', outfile: 'dist/cell-runner.cjs' }),
  build({ ...shared, entryPoints: ['lib/book/main.ts'], format: 'esm', packages: 'external', outfile: 'dist/kubook.js', banner: { js: '#!/usr/bin/env node' } }),
  build({ ...shared, stdin: { contents: serveEntry, resolveDir: root, loader: 'ts' }, format: 'esm', packages: 'external', plugins: [lazily], outfile: 'dist/serve.js' }),
  build({ ...shared, entryPoints: ['lib/book/cells/type-checker.ts'], format: 'esm', packages: 'external', outfile: 'dist/type-checker.js' }),
]);
chmodSync(join(root, 'dist/kubook.js'), 0o755);
writeFileSync(join(root, 'dist/published-types.json'), JSON.stringify(publishedTypes()));
for (const name of ['index.cjs', 'answer-process.cjs']) copyFileSync(join(root, 'lib/book/load.cjs'), join(root, 'dist', name));
for (const old of readdirSync(join(root, 'dist'))) if (old.endsWith('.cache')) rmSync(join(root, 'dist', old));
const keepCompiled = (name, flags) => spawnSync(process.execPath, [...flags, join(root, 'lib/book/compile-cache.cjs'), join(root, 'dist'), name], { stdio: 'inherit' });
for (const flags of [[], cellFlags]) keepCompiled('library', flags);
keepCompiled('answers', cellFlags);

if (!quick) {
  rmSync(join(root, 'dist/types'), { recursive: true, force: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  spawnSync(process.execPath, [compiler, '--project', 'tsconfig.types.json'], { cwd: root, stdio: 'inherit' });
  // Errors are shown, and fail `npm test`; a student's installation needs only that the declarations are there.
  if (!existsSync(join(root, 'dist/types/lib/book/notebook.d.ts'))) process.exitCode = 1;
}
