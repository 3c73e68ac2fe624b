// Runs cells with tslab's own converter and executor: `node tslab-reference.cjs <cells.json>`, in the folder of the cells.
// Prints each cell's output as JSON. The kernel does the same; it only adds Jupyter's messages.
const { readFileSync } = require('node:fs');
const { Console } = require('node:console');
const { Writable } = require('node:stream');
const { createConverter } = require('tslab/dist/converter.js');
const { createExecutor } = require('tslab/dist/executor.js');

let output = '';
const sink = new Writable({ decodeStrings: false, write: (chunk, _, done) => ((output += chunk), done()) });

async function main() {
  const cells = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const converter = createConverter({ isJS: false, isBrowser: false });
  globalThis.console = new Console({ stdout: sink, stderr: sink, colorMode: false });
  const executor = createExecutor(process.cwd(), { node: converter }, globalThis.console);
  const outputs = [];
  for (const cell of cells) {
    output = '';
    await executor.execute(cell);
    await new Promise((resolve) => setImmediate(resolve));
    outputs.push(output.replace(/\n$/, ''));
  }
  process.stdout.write(JSON.stringify(outputs), () => process.exit());
}

main();
