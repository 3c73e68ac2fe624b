// controllers.jsonl: traces of controllers in a real control plane. The scenario is played again at its own times, with a
// fake kubelet that does what the recorded one did; compared are scale decisions, states at rest, final objects, events.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Version } from '../../../lib/api/index.ts';
import { deletions, ownEvents, ownSnapshot, recordedEvents, recordedSnapshot, rolloutState, scaleSequence, withoutCombined } from '../controllers/compare.ts';
import { type Performed, perform, relieve } from '../controllers/perform.ts';
import { setStates } from '../controllers/set-states.ts';
import { phaseInMinute, readScript, type Script } from '../controllers/script.ts';
import { World } from '../controllers/world.ts';
import { readyReport } from '../controllers/kubelet.ts';
import { compare, type Outcome, pass, passExcept, type Replayer, skip, type TestCase } from '../replayer.ts';

const groups = new Set(['deployment', 'replicaset', 'endpoints', 'node', 'namespace', 'serviceaccount', 'poddisruptionbudget', 'job', 'cronjob', 'statefulset', 'daemonset', 'limitrange', 'resourcequota']);
/** How long nothing may have happened before a state counts as resting (milliseconds). */
const rest = 400;
/**
 * A recording shows one of the orders in which processes that run at the same time may have worked, one of the nodes that
 * the scheduler may have chosen, and began somewhere within a second, which times in objects do not show. It must be
 * among ours: so many seeds are tried.
 */
const orders = 10;
const seedOf = new Map<string, number>();
const recordedMinor = 20;

interface Played {
  world: World;
  script: Script;
  performed: Performed[];
}

export const replayer: Replayer = {
  file: 'controllers.jsonl',
  read(text, path) {
    const stable = join(dirname(path), 'stable.json');
    const known = existsSync(stable) ? JSON.parse(readFileSync(stable, 'utf8')) : {};
    return text.split('\n').filter((line) => line.trim()).map((line): TestCase => {
      const testCase = JSON.parse(line);
      return { ...testCase, differ: known[testCase.id]?.differ ?? [] };
    });
  },
  replay(testCase, { version }) {
    if (!groups.has(testCase.group)) return skip('controllers that come later');
    // Another recording may have the same name.
    const recording = `${testCase.id} ${testCase.trace.length}`;
    const found = seedOf.get(recording);
    // A newer release is compared with what the recorded one did in the same order.
    const seeds = found ? [found] : version.minor > recordedMinor ? [1] : Array.from({ length: orders }, (_, i) => i + 1);
    let first: Outcome | undefined;
    for (const seed of seeds) {
      const outcome = judged(testCase, play(testCase, version, seed));
      if (outcome.result === 'passed') seedOf.set(recording, seed);
      if (outcome.result === 'passed') return outcome;
      first ??= outcome;
    }
    return first!;
  },
};

function judged(testCase: TestCase, played: Played): Outcome {
  for (const check of checks) {
    const outcome = check(testCase, played);
    if (outcome.result !== 'passed') return outcome;
  }
  return passExcept([...played.script.hid]);
}

/** Volumes that the recorder had made before: a trace names them where they are bound. */
const recordersVolumes = (testCase: TestCase): Set<string> => new Set(testCase.trace.flatMap(({ obj }: { obj?: { volumeName?: string } }) => obj?.volumeName ?? []));

function play(testCase: TestCase, version: Version, seed: number): Played {
  const script = readScript(testCase);
  const world = new World({ version, seed, options: optionsOf(testCase), scriptOf: (name) => script.pods.get(name), nodeOf: (name) => script.places.get(name), addressOf: (name) => script.addresses.get(name) });
  if (testCase.group !== 'node') for (const name of ['node1', 'node2', 'node3']) world.addNode(name, readyReport);
  if (testCase.group === 'daemonset') for (const { name, ...node } of testCase.nodes) world.addNode(name, readyReport, node);
  for (const name of recordersVolumes(testCase)) world.addVolume(name);
  if (testCase.group !== 'node') world.settleIn();
  world.until(world.now + ((seed - 1) % orders) * (1000 / orders));
  const phase = phaseInMinute(script.entries);
  if (phase !== undefined) world.until(world.now + ((((phase - world.now) % 60_000) + 60_000) % 60_000));
  const start = world.now;
  const inputs = structuredClone(testCase.inputs);
  const performed: Performed[] = [];
  const happenings = [
    ...script.nodes.map(({ ms, name, obj }) => ({ ms, run: () => world.addNode(name, obj.conditions.length > 0 ? readyReport : undefined) })),
    ...script.relieved.map(({ ms, node }) => ({ ms, run: () => relieve(world, node) })),
    ...script.actions.map(({ ms, i, text }) => ({
      ms,
      run() {
        world.read();
        world.done++;
        performed.push(perform(world, text, inputs, script.entries.slice(i)));
      },
    })),
  ].sort((a, b) => a.ms - b.ms);
  for (const { ms, run } of happenings) {
    world.until(start + ms);
    run();
  }
  world.until(start + script.end);
  return { world, script, performed };
}

/** Node scenarios name their flags; in the others no node is ever found silent. */
function optionsOf({ flags }: TestCase): Record<string, object> {
  if (!flags) return { nodelifecycle: { nodeMonitorGracePeriod: 24 * 3_600_000 } };
  const seconds = (text: string) => Number.parseFloat(text) * 1000;
  return {
    nodelifecycle: {
      nodeMonitorPeriod: seconds(flags.nodeMonitorPeriod),
      nodeMonitorGracePeriod: seconds(flags.nodeMonitorGracePeriod),
      nodeStartupGracePeriod: seconds(flags.nodeStartupGracePeriod),
      nodeEvictionRate: Number.parseFloat(flags.nodeEvictionRate),
      secondaryNodeEvictionRate: Number.parseFloat(flags.secondaryNodeEvictionRate),
    },
  };
}

type Check = (testCase: TestCase, played: Played) => Outcome;
const named = (what: string, outcome: Outcome): Outcome => (outcome.result === 'failed' ? { ...outcome, why: `${what}: ${outcome.why}` } : outcome);

const requestsAnswered: Check = (_, { script, performed }) => {
  for (const [k, { text }] of script.actions.entries()) {
    const expected = /→ (\d+)/.exec(text)?.[1] ?? '2xx';
    const got = performed[k]!.error;
    const outcome = named(text, compare(got ? String(got.code) : expected.startsWith('2') ? expected : 'granted', expected));
    if (outcome.result !== 'passed') return outcome;
    if (got && !text.includes(got.message)) return named(text, compare(got.message, text.slice(text.indexOf('→'))));
  }
  return pass();
};

const scaleDecisions: Check = (testCase, { world }) => (testCase.scaleSequence ? named('scaleSequence', compare(scaleSequence(world.seen), testCase.scaleSequence)) : pass());

/** The state before each pod is made ready, and the last. */
const rollingStates: Check = (testCase, { world, script }) => {
  if (!testCase.states || testCase.group !== 'deployment') return pass();
  const before = script.actions.flatMap(({ text }, k) => (text.startsWith('kubelet:') ? [k] : []));
  const states = [...before, script.actions.length].map((k) => rolloutState(world.seen, k));
  return named('states', compare(states, testCase.states));
};

/** States that a recording names, and which moment they are of: before the k-th action that matches, or the end. */
const moments: Record<string, [RegExp, number] | 'end'> = {
  stuck: [/^set image/, 1],
  before: [/^scale|stops sending/, 0],
  beforeRollback: [/^set image/, 1],
  afterRollback: [/^set image/, 2],
  afterRedo: 'end',
  afterUndo: 'end',
  after: 'end',
  end: 'end',
};

const namedStates: Check = (testCase, { world, script }) => {
  for (const [field, moment] of Object.entries(moments)) {
    if (!testCase[field]?.sets) continue;
    const k = moment === 'end' ? script.actions.length : script.actions.map(({ text }, i) => (moment[0].test(text) ? i : -1)).filter((i) => i >= 0)[moment[1]];
    // Which moment another kind of scenario calls so, it does not say: it must be one of those between its actions.
    const times = k === undefined ? [...script.actions.keys(), script.actions.length].reverse() : [k];
    const outcomes = times.map((after) => named(field, compare(rolloutState(world.seen, after), testCase[field])));
    if (!outcomes.some(({ result }) => result === 'passed')) return outcomes[0]!;
  }
  return pass();
};

const deletionOrder: Check = (testCase, { world, script }) => {
  if (!testCase.deletionOrder) return pass();
  const scalings = script.actions.flatMap(({ text }, k) => (text.startsWith('scale') ? [k] : []));
  const { order, perStep } = deletions(world.seen, scalings);
  const outcome = named('deletionOrder', compare(order, testCase.deletionOrder.map(({ name }: { name: string }) => name)));
  return outcome.result === 'passed' ? named('perStep', compare(perStep, testCase.perStep)) : outcome;
};

const restingStates: Check = (testCase, { world, script }) => {
  for (const [k, { ms, i }] of script.actions.entries()) {
    const before = script.entries[i - 1];
    if (k === 0 || !before || ms - before.ms < rest) continue;
    const outcome = named(`at rest before "${script.actions[k]!.text}"`, compare(ownSnapshot(world, k, script, testCase), recordedSnapshot(script, i, testCase)));
    if (outcome.result !== 'passed') return outcome;
  }
  if (testCase.differ.includes('final objects')) return pass();
  return named('final objects', compare(ownSnapshot(world, script.actions.length, script, testCase), recordedSnapshot(script, script.entries.length, testCase)));
};

const events: Check = (testCase, { world, script }) => {
  // Events were not watched in these.
  if (testCase.differ.includes('events (multiset)') || testCase.group === 'namespace' || testCase.group === 'limitrange') return pass();
  const [own, recorded] = [ownEvents(world, script), recordedEvents(script)];
  return named('events', compare(withoutCombined(own, recorded, script.hid), withoutCombined(recorded, own, script.hid)));
};

/** What becomes of each node after the first action. */
const nodeHistories: Check = (testCase, { world, script }) => {
  if (testCase.group !== 'node') return pass();
  const first = script.actions[0]?.i ?? 0;
  const recorded = script.entries.flatMap(({ watch, resource, name, obj }, i) => (resource === 'nodes' ? [{ name: name!, gone: watch === 'DELETED', obj, counts: i >= first }] : []));
  const own = world.seen.flatMap(({ type, resource, name, obj, after }) => (resource === 'nodes' ? [{ name, gone: type === 'DELETE', obj, counts: after > 0 || first === 0 }] : []));
  const histories = (list: { name: string; gone: boolean; obj: any; counts: boolean }[]) => {
    const out: Record<string, string[]> = {};
    const latest = new Map<string, string>();
    for (const { name, gone, obj, counts } of list) {
      const { podCIDR: _, ...state } = obj;
      const text = gone ? 'gone' : JSON.stringify(state);
      if (counts && latest.get(name) !== text) (out[name] ??= []).push(text);
      latest.set(name, text);
    }
    return out;
  };
  return named('node histories', compare(histories(own), histories(recorded)));
};

const namespaceStates: Check = (testCase, { world }) => {
  if (!testCase.namespaceStates) return pass();
  world.until(world.now + 40_000);
  const hidden = (state: unknown) => JSON.stringify(state).replace(/has \d+ resource instances/g, 'has N resource instances');
  const own = world.namespaceStates.map(hidden);
  let from = 0;
  for (const state of testCase.namespaceStates) {
    const at = own.indexOf(hidden(state), from);
    if (at < 0) return named('namespaceStates', compare(own.slice(from), [hidden(state)]));
    from = at + 1;
  }
  return pass();
};

const refusals: Check = (testCase, { world, performed }) => {
  if (testCase.error) return named('error', compare(performed.find(({ error }) => error)?.error, testCase.error));
  if (testCase.group !== 'namespace' || !testCase.results) return pass();
  const results = testCase.results.map(({ name }: { name: string }) => {
    const error = world.attempt(() => world.plane.client.delete({ kind: 'Namespace', metadata: { name } }));
    return error ? { name, code: error.code, reason: error.reason, message: error.message } : { name };
  });
  return named('results', compare(results, testCase.results));
};

/** What a pod asks for once limit ranges have had their word. */
const limited: Check = (testCase, { world }) => {
  if (testCase.group !== 'limitrange') return pass();
  const granted = (testCase.results ?? []).filter(({ name, code }: { name?: string; code: number }) => name && code === 201);
  const own = granted.map(({ name }: { name: string }) => {
    const { metadata, spec } = world.plane.client.get('Pod', { namespace: world.namespace, name });
    return { name, resources: spec.containers[0]!.resources, annotation: metadata.annotations?.['kubernetes.io/limit-ranger'] };
  });
  return named('results', compare(own, granted.map(({ name, resources, annotation }: any) => ({ name, resources, annotation }))));
};

const leftOver: Check = (testCase, { world, script }) => {
  const { left } = testCase;
  if (!left) return pass();
  const snapshot = new Map<string, any>();
  for (const { type, resource, name, obj } of world.seen) {
    if (type === 'DELETE') snapshot.delete(`${resource}/${name}`);
    else if (script.entries.some((e) => e.resource === resource)) snapshot.set(`${resource}/${name}`, obj);
  }
  const pods = [...snapshot].filter(([key]) => key.startsWith('pods/')).map(([key, obj]) => ({ name: key.slice(5), deleting: obj.deleting !== undefined }));
  if (typeof left[0] === 'object') return named('left', compare(pods, left));
  if (testCase.group === 'node') return named('left', compare(pods.map(({ name }) => name), left));
  return named('left', compare([...snapshot.keys()].sort(), [...left].sort()));
};

/** States of the pods of a stateful set or daemon set, and what one of its pods looks like. */
const podsOfSets: Check = (testCase, { world, script }) => {
  if (testCase.group !== 'statefulset' && testCase.group !== 'daemonset') return pass();
  for (const [what, got, want] of setStates(testCase, world, script)) {
    const outcome = named(what, compare(got, want));
    if (outcome.result !== 'passed') return outcome;
  }
  return pass();
};

const checks: Check[] = [podsOfSets, requestsAnswered, scaleDecisions, rollingStates, namedStates, deletionOrder, nodeHistories, restingStates, events, namespaceStates, refusals, limited, leftOver];
