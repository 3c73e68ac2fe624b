// The emitted declarations, read by the compiler that tslab carries.
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkTypes } from '../../lib/book/cells/types.ts';
import { typescript } from '../../lib/book/cells/typescript.ts';
import { root } from '../../lib/book/project.ts';
import { runInTslab } from './tslab.ts';

test('TypeScript 5.0 with old module resolution reads them without an error', () => {
  const ts = typescript();
  assert.is(ts.version, '5.0.4');
  const options = { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10, target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts'], types: ['node'], typeRoots: [join(root, 'node_modules/@types')], noEmit: true, strict: true };
  const program = ts.createProgram([join(root, 'dist/types/lib/book/notebook.d.ts')], options);
  const own = program.getSourceFiles().filter((file: { fileName: string }) => file.fileName.includes('/dist/types/'));
  assert.ok(own.length > 3);
  const messages = own.flatMap((file: unknown) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((one) => `${one.file.fileName}: ${ts.flattenDiagnosticMessageText(one.messageText, '\n')}`));
  assert.equal(messages, []);
});

test('what a cell imports has types: a misspelt name is an error, nothing is silently any', () => {
  const [lesson] = checkTypes([
    [
      "import { createCluster, exercise } from 'kubook';\nconst cluster = createCluster({ nodes: 3 });\nconst { kubectl } = cluster;",
      'cluster.advanec;',
      'const options: Parameters<typeof createCluster>[0] = { nodez: 3 };',
      'const isAny: 0 extends 1 & typeof cluster ? true : false = true;',
      'const isAny: 0 extends 1 & typeof kubectl ? true : false = true;',
      "await exercise('a', async ({ cluster }) => { cluster.advanec; });",
    ],
  ]);
  assert.equal(
    lesson!.map((messages) => messages.length > 0),
    [false, true, true, true, true, true],
  );
});

test('in tslab a cluster can be kept from cell to cell', () => {
  const outputs = runInTslab(["import { createCluster } from 'kubook';\nconst cluster = createCluster({ nodes: 1 });\nconst { kubectl } = cluster;", 'typeof cluster.advance', 'await kubectl`get namespaces`; console.log("done")']);
  assert.is(outputs[0], '');
  assert.is(outputs[1], 'function');
  assert.match(outputs[2]!, /done$/);
});

test.run();
