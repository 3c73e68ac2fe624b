// What `require('kubook')` loads, and as `answer-process.cjs` the process of an answer. The library is one script; the code that V8 made of it when it was built lies beside it,
// so that a cell does not wait for thousands of functions to be compiled again. Another Node than the one that built it,
// and other flags of V8 find no such file.
const { readFileSync } = require('node:fs');
const { wrap } = require('node:module');
const { basename, join } = require('node:path');
const { cachedDataVersionTag } = require('node:v8');
const { Script } = require('node:vm');

const name = basename(__filename) === 'index.cjs' ? 'library' : 'answers';
const filename = join(__dirname, `${name}.cjs`);
const script = new Script(wrap(readFileSync(filename, 'utf8')), { filename, cachedData: compiled() });
script.runInThisContext()(module.exports, require, module, filename, __dirname);
if (name === 'answers') void module.exports.answerJudge();

function compiled() {
  try {
    return readFileSync(join(__dirname, `${name}-${cachedDataVersionTag()}.cache`));
  } catch {
    return undefined;
  }
}
