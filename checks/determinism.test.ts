// The heart runs on virtual time and seeded chance alone.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../lib/index.ts';

const forbidden = (name: string) => () => {
  throw new Error(`${name} was used inside the heart`);
};

/** Everything that could let the world in throws while `run` runs. */
async function isolated<T>(run: () => Promise<T>): Promise<T> {
  const before = { Date, random: Math.random, performance: performance.now, setTimeout, setInterval, setImmediate };
  const Pure = new Proxy(Date, {
    construct: (target, args) => (args.length === 0 ? forbidden('new Date()')() : Reflect.construct(target, args)),
    apply: forbidden('Date()'),
    get: (target, key) => (key === 'now' ? forbidden('Date.now') : Reflect.get(target, key)),
  });
  Object.assign(globalThis, { Date: Pure, setTimeout: forbidden('setTimeout'), setInterval: forbidden('setInterval'), setImmediate: forbidden('setImmediate') });
  Math.random = forbidden('Math.random');
  performance.now = forbidden('performance.now');
  try {
    return await run();
  } finally {
    const { random, performance: now, ...globals } = before;
    Object.assign(globalThis, globals);
    Math.random = random;
    performance.now = now;
  }
}

async function transcript(seed: number): Promise<string> {
  const cluster = createCluster({ nodes: 3, seed });
  const { kubectl } = cluster;
  const lines: string[] = [];
  lines.push(await kubectl.text`create deployment web --image=nginx --replicas=5`);
  cluster.advance('10s');
  lines.push(await kubectl.text`get pods -o wide`, await kubectl.text`get events`);
  lines.push(await kubectl.text`set image deployment/web nginx=nginx:1.25`, await kubectl.text`rollout status deployment/web`);
  cluster.fault.powerOff('worker-2');
  cluster.advance('10m');
  lines.push(await kubectl.text`get nodes`, await kubectl.text`get pods -A -o yaml`, JSON.stringify(cluster.requests()));
  return lines.join('\n');
}

test('no wall clock, no Math.random and no timer inside the heart', async () => {
  const text = await isolated(() => transcript(1));
  assert.match(text, /web-/);
});

test('the same seed gives the same transcript, byte for byte; another seed another one', async () => {
  const [first, again, other] = [await transcript(7), await transcript(7), await transcript(8)];
  assert.ok(first === again);
  assert.ok(first !== other);
});

test.run();
