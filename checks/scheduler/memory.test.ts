// What the framework remembers gives the same answers as asking every plugin every time.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, type Pod } from '../../lib/api/index.ts';
import { Algorithm } from '../../lib/scheduler/algorithm.ts';
import { explainPod } from '../../lib/scheduler/explain.ts';
import { createFramework, type Explanation, type Framework } from '../../lib/scheduler/index.ts';
import { createRandom, type Random } from '../../lib/sim/index.ts';
import { randomNode, randomTemplate, services } from './random-cluster.ts';

interface Side {
  framework: Framework;
  algorithm: Algorithm;
}

/** One attempt: the chosen node, or the message. */
function attempt({ framework, algorithm }: Side, pod: Pod): string {
  const { snapshot } = framework.handle;
  const info = snapshot.info(pod);
  const found = algorithm.schedule(framework, info);
  if ('message' in found) return found.message;
  snapshot.place(info, found.name);
  return found.name;
}

/** Pods come, go and end, nodes change: both sides must choose alike all the way. */
function compare(seed: number, versionName: string, percentage: number): number {
  const random = createRandom(seed);
  const nodes = Array.from({ length: 5 + random.int(40) }, (_, i) => randomNode(random, i));
  const state = { version: createVersion(versionName), nodes, objects: services };
  const sides = [true, false].map((remember): Side => {
    const framework = createFramework(state, { remember });
    return { framework, algorithm: new Algorithm(createRandom(seed), percentage) };
  });
  const templates = Array.from({ length: 4 }, () => randomTemplate(random));
  const placed: Pod[] = [];
  for (let i = 0; i < 150; i++) {
    const pod = random.pick(templates)(i);
    const [remembered, asked] = sides.map((side) => attempt(side, pod));
    assert.is(remembered, asked, `seed ${seed}, pod ${i} (${pod.metadata.name})`);
    if (remembered!.startsWith('node-')) placed.push(pod);
    disturb(random, sides, nodes, placed, i);
  }
  return placed.length;
}

function disturb(random: Random, sides: readonly Side[], nodes: readonly { metadata: { name: string } }[], placed: Pod[], i: number): void {
  const what = random.int(20);
  if (what === 0 && placed.length > 0) {
    const [gone] = placed.splice(random.int(placed.length), 1);
    for (const { framework } of sides) framework.handle.snapshot.removePod(gone!);
  } else if (what === 1) {
    const at = random.int(nodes.length);
    const node = randomNode(createRandom(`${i}`), at);
    for (const { framework } of sides) framework.handle.snapshot.setNode(node);
  } else if (what === 2) {
    const { name } = nodes[random.int(nodes.length)]!.metadata;
    const node = randomNode(createRandom(`again ${i}`), Number(name.slice(5)));
    for (const { framework } of sides) framework.handle.snapshot.removeNode(name);
    for (const { framework } of sides) framework.handle.snapshot.setNode(node);
  }
}

for (const version of ['v1.20', 'v1.33']) {
  test(`remembered and asked answers agree at ${version}`, () => {
    let placed = 0;
    for (let seed = 1; seed <= 15; seed++) placed += compare(seed, version, 100);
    assert.ok(placed > 500, `${placed} pods were placed`);
  });
}

test('counts kept by events are those of a fresh look', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = createRandom(`fresh ${seed}`);
    const nodes = new Map(Array.from({ length: 4 + random.int(12) }, (_, i) => [`node-${i}`, randomNode(random, i)]));
    const version = createVersion(seed % 2 ? 'v1.33' : 'v1.20');
    const framework = createFramework({ version, nodes: nodes.values(), objects: services });
    const side = { framework, algorithm: new Algorithm(createRandom(seed), 100) };
    const templates = Array.from({ length: 4 }, () => randomTemplate(random));
    const pods = new Map<string, Pod>();
    for (let i = 0; i < 40; i++) {
      const pod = random.pick(templates)(i);
      const where = attempt(side, pod);
      if (where.startsWith('node-')) pods.set(pod.metadata.name, { ...pod, spec: { ...pod.spec, nodeName: where } });
      const [gone] = pods.values();
      if (random.int(4) === 0 && gone) {
        pods.delete(gone.metadata.name);
        framework.handle.snapshot.removePod(gone);
      }
      if (random.int(8) === 0) {
        const node = randomNode(random, random.int(nodes.size));
        nodes.set(node.metadata.name, node);
        framework.handle.snapshot.setNode(node);
      }
      const next = random.pick(templates)(1000 + i);
      const fresh = createFramework({ version, nodes: nodes.values(), pods: pods.values(), objects: services }, { remember: false });
      const byNode = ({ nodes: rows, ...rest }: Explanation) => ({ ...rest, best: [...rest.best].sort(), nodes: Object.fromEntries(rows.map((row) => [row.node, row])) });
      const [kept, counted] = [framework, fresh].map((f) => byNode(explainPod(f, f.handle.snapshot.info(next))));
      assert.equal(kept, counted, `seed ${seed}, step ${i}`);
    }
  }
});

test('of a node that is gone nothing is asked when its last pods go', () => {
  const random = createRandom('gone');
  const nodes = Array.from({ length: 3 }, (_, i) => randomNode(random, i));
  const framework = createFramework({ version: createVersion(), nodes, objects: services });
  const { snapshot } = framework.handle;
  const side = { framework, algorithm: new Algorithm(createRandom(1), 100) };
  const [first, second] = [0, 1].map((i) => ({ ...randomTemplate(random)(i), spec: { containers: [{ name: 'c', image: 'c' }] } }) as unknown as Pod);
  snapshot.place(snapshot.info(first!), 'node-1');
  snapshot.removeNode('node-1');
  const another = (i: number): Pod => ({ ...second!, metadata: { ...second!.metadata, name: `again-${i}`, uid: `again-${i}` } });
  // Of a second pod of its kind something is remembered.
  for (const i of [1, 2]) attempt(side, another(i));
  snapshot.removePod(first!);
  attempt(side, another(3));
  assert.equal(snapshot.nodes.map(({ name }) => name).sort(), ['node-0', 'node-2']);
});

test('they agree when the search ends early', () => {
  const random = createRandom('large');
  const nodes = Array.from({ length: 300 }, (_, i) => randomNode(random, i));
  const state = { version: createVersion(), nodes, objects: services };
  const sides = [true, false].map((remember): Side => {
    const framework = createFramework(state, { remember });
    return { framework, algorithm: new Algorithm(createRandom(1)) };
  });
  const templates = Array.from({ length: 3 }, () => randomTemplate(random));
  const chosen = Array.from({ length: 400 }, (_, i) => {
    const pod = templates[i % 3]!(i);
    const [remembered, asked] = sides.map((side) => attempt(side, pod));
    assert.is(remembered, asked, `pod ${i}`);
    return remembered;
  });
  assert.ok(new Set(chosen).size > 100, 'the pods are spread over the nodes');
});

test.run();
