// Pods of stateful sets and daemon sets, as their recordings list them.
import type { TestCase } from '../replayer.ts';
import type { Script } from './script.ts';
import type { Seen, World } from './world.ts';

type Comparison = [what: string, got: unknown, want: unknown];

function podsAfter(seen: readonly Seen[], after: number): Seen[] {
  const latest = new Map<string, Seen>();
  for (const one of seen) {
    if (one.after > after) break;
    if (one.resource !== 'pods') continue;
    if (one.type === 'DELETE') latest.delete(one.name);
    else latest.set(one.name, one);
  }
  return [...latest.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const isReady = ({ obj }: Seen) => obj.ready === 'True';
const ofStatefulSet = (pod: Seen) => ({ name: pod.name, image: pod.image, phase: pod.obj.phase, ready: isReady(pod), deleting: pod.obj.deleting !== undefined });
/** Which of several like nodes comes first is the order of a Go map, and pods are numbered in that order. */
const ofDaemonSet = (pod: Seen) => ({ image: pod.image, ready: isReady(pod), deleting: pod.obj.deleting !== undefined, bound: pod.obj.nodeName !== undefined });
const inOrder = (list: readonly object[]) => list.map((one) => JSON.stringify(one, Object.keys(one).sort())).sort();

/** A named state must be that of some moment between two actions. */
function namedState(what: string, want: any[], world: World, script: Script, shown: (pod: Seen) => object): Comparison {
  const keys = (one: Record<string, unknown>) => Object.fromEntries(Object.entries(one).filter(([key]) => key in shown({ obj: {} } as Seen)));
  const wanted = inOrder(want.map(keys));
  const moments = [...script.actions.keys(), script.actions.length].reverse().map((k) => inOrder(podsAfter(world.seen, k).map(shown)));
  return [what, moments.find((got) => JSON.stringify(got) === JSON.stringify(wanted)) ?? moments[0], wanted];
}

export function setStates(testCase: TestCase, world: World, script: Script): Comparison[] {
  const shown = testCase.group === 'daemonset' ? ofDaemonSet : ofStatefulSet;
  if (testCase.group === 'daemonset') script.hid.add('equal pods change places');
  const fields = Object.keys(testCase).filter((field) => field !== 'nodes' && field !== 'inputs' && Array.isArray(testCase[field]) && testCase[field][0]?.image);
  return [...fields.map((field) => namedState(field, testCase[field], world, script, shown)), ...rollingStates(testCase, world, script), ...onePod(testCase, world)];
}

/** The state before each pod is made ready, once a new image was set, and the last. */
function rollingStates({ states, group }: TestCase, world: World, script: Script): Comparison[] {
  if (!states) return [];
  const begin = script.actions.findIndex(({ text }) => text.startsWith('set image'));
  const before = script.actions.flatMap(({ text }, k) => (k > begin && text.startsWith('kubelet:') ? [k] : []));
  const got = [...before, script.actions.length].map((k) => podsAfter(world.seen, k));
  if (group === 'statefulset') return [['states', got.map((pods) => pods.map(ofStatefulSet)), states]];
  const plain = (pods: { image?: string; ready: boolean }[], available: number) => ({ pods: inOrder(pods.map(({ image, ready }) => ({ image, ready }))), available });
  return [['states', got.map((pods) => plain(pods.map((pod) => ({ image: pod.image, ready: isReady(pod) })), pods.filter(isReady).length)), states.map((state: any) => plain(state.pods, state.available))]];
}

function onePod({ pod, podTolerations, podAffinity }: TestCase, world: World): Comparison[] {
  const [one] = world.pods();
  if (!one) return [];
  const { labels } = one.metadata;
  const { hostname, subdomain, tolerations, affinity } = one.spec;
  const withoutNode = (value: unknown) => JSON.parse(JSON.stringify(value).replace(/"d\d"/g, '"node"'));
  return [
    ...(pod ? [['pod', { labels, hostname, subdomain }, pod] as Comparison] : []),
    ...(podTolerations ? [['podTolerations', tolerations, podTolerations] as Comparison] : []),
    ...(podAffinity ? [['podAffinity', withoutNode(affinity), withoutNode(podAffinity)] as Comparison] : []),
  ];
}
