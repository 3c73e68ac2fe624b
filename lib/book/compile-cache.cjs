// Run by the build: uses the library as a lesson would, then keeps what V8 compiled meanwhile (see load.cjs).
const { readFileSync, writeFileSync } = require('node:fs');
const { wrap } = require('node:module');
const { join } = require('node:path');
const { cachedDataVersionTag } = require('node:v8');
const { Script } = require('node:vm');

const [, , dist, name] = process.argv;
const filename = join(dist, `${name}.cjs`);
const script = new Script(wrap(readFileSync(filename, 'utf8')), { filename });
const library = { exports: {} };
script.runInThisContext()(library.exports, require, library, filename, dist);

async function aLesson() {
  const cluster = library.exports.createCluster({ nodes: 3 });
  const { kubectl } = cluster;
  await kubectl.text`create deployment web --image=nginx:1.25 --replicas=20`;
  await kubectl.text`expose deployment web --port=80`;
  cluster.advance('1m');
  await kubectl.text`get all -o wide`;
  await kubectl.text`describe deployment web`;
  await kubectl.text`get pods -o yaml`;
  await kubectl.text`delete deployment web`;
  cluster.advance('1m');
}

// V8 forgets code that has not run for a while: what every cell begins with runs last.
const begin = () => library.exports.createCluster({ nodes: 3 });

aLesson().then(begin).then(() => writeFileSync(join(dist, `${name}-${cachedDataVersionTag()}.cache`), script.createCachedData()));
