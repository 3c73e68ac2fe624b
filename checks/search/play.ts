// Plays a history and says what went wrong in it.
import { type KubeObject, type Pod, StatusError } from '../../lib/api/index.ts';
import { ConnectionError } from '../../lib/client/index.ts';
import type { History } from './history.ts';
import { fleetController, fleetDefinition } from './learner.ts';
import { createLimits } from './limits.ts';
import { lineOf } from './log.ts';
import { budgetOf, furniture, nameOf } from './manifests.ts';
import { actor, type Intent } from './operations.ts';
import { outcome, waits } from './outcome.ts';
import type { Action } from './steps.ts';
import { brokenImage } from './workloads.ts';
import { attempt, createWorld, Ended, type World } from './world.ts';

/** Minutes. What fails again and again is tried after 1000 s at the latest. */
const patience = 20;
/** More than any history needs. */
const everything = 5000;

/** Problems in words; `log` is told of each write and of each action. */
export function play(history: History, log: (line: string) => void = () => {}): string[] {
  const problems = new Set<string>();
  const world = createWorld(history, (made) => {
    const judge = createLimits(made, problems);
    return (write) => {
      if (write.request.resource.kind !== 'Event') log(lineOf(made.now, write));
      judge(write);
    };
  });
  world.ended = () => {
    if (world.writes > everything) problems.add(`${world.writes} writes: something spins`);
    return problems.size > 0;
  };
  const intent: Intent = { there: history.workloads.map(() => false), replicas: [] };
  const act = actor(world, history, intent);
  try {
    if (history.setting) for (const object of furniture(history.setting)) world.cluster.client.create(object);
    if (history.workloads.some(({ kind }) => kind === 'Fleet')) {
      world.cluster.client.create(fleetDefinition);
      world.cluster.replace('fleet', fleetController);
    }
    history.workloads.forEach((_, on) => act({ op: 'apply', on }));
    for (const budget of history.budgets) attempt(() => world.cluster.client.create(budgetOf(budget, history.workloads.length)));
    for (const { wait, what } of history.steps) {
      world.cluster.advance(wait);
      log(JSON.stringify(what));
      act(what);
    }
    world.cluster.advance('5s');
    heal(world, history, act);
    for (const problem of ending(world, history, intent)) problems.add(problem);
  } catch (error) {
    if (!(error instanceof Ended)) problems.add(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  for (const { controller, key, error } of world.cluster.problems) {
    if (!(error instanceof StatusError || error instanceof ConnectionError || (error as Error).constructor === Error)) problems.add(`${controller} threw over ${key}: ${(error as Error).stack}`);
  }
  return [...problems];
}

/** All is mended, and what people had stopped goes on. */
function heal(world: World, { workloads }: History, act: (action: Action) => void): void {
  const { cluster } = world;
  const { client } = cluster;
  world.calm();
  cluster.advance('1m');
  for (const node of [0, 1, 2]) for (const op of ['uncordon', 'untaint'] as const) act({ op, node });
  attempt(() => client.patch('ResourceQuota', { namespace: 'default', name: 'limits' }, { spec: { hard: { pods: '100' } } }));
  // A stranger that has the name of a stateful set's pod keeps its place until a person takes it away.
  for (const { kind, metadata } of client.list('Pod', { namespace: 'default', labelSelector: 'was' }).items) if (/^w\d-\d+$/.test(metadata.name)) attempt(() => client.delete({ kind, metadata }));
  // What nobody owns any more has an image that nobody mends.
  for (const kind of ['ReplicaSet', 'Pod']) for (const object of client.list(kind, { namespace: 'default' }).items as KubeObject[]) if (!object.metadata.ownerReferences && JSON.stringify(object.spec).includes(brokenImage)) attempt(() => client.delete(object));
  workloads.forEach(({ kind }, i) => {
    const change = (spec: unknown) => attempt(() => client.patch(kind, { namespace: 'default', name: nameOf(i) }, { spec }));
    if (kind === 'Deployment') change({ paused: false });
    if (kind === 'Job') change({ suspend: false });
    if (kind === 'CronJob') change({ suspend: true });
    // A controller that died while a new pod was not long enough ready is not woken when it is, beside an old one: Kubernetes' own limit.
    if (kind === 'DaemonSet') change({ revisionHistoryLimit: 9 });
    const object = (client.list(kind, { namespace: 'default' }).items as KubeObject[]).find(({ metadata }) => metadata.name === nameOf(i));
    const image = object?.spec.template?.spec.containers[0].image;
    if (image === brokenImage) change({ template: { spec: { containers: [{ name: 'main', image: 'nginx:1.27' }] } } });
  });
}

function ending(world: World, history: History, intent: Intent): string[] {
  const { cluster } = world;
  let wrong: string[] = [];
  for (let minute = 0, idle = 0; minute < patience; minute++) {
    const before = world.writes;
    cluster.advance('1m');
    wrong = outcome(world, history, intent);
    idle = world.writes === before ? idle + 1 : 0;
    // Who waits is looked at again after five minutes, but must not need that.
    if (wrong.length === 0 || (idle > 1 && wrong.some((one) => one.includes(waits)))) break;
  }
  if (wrong.length > 0) return wrong;
  // A rollout that waits for room says so after ten minutes.
  if (history.setting) cluster.advance('11m');
  const before = world.writes;
  cluster.advance('3m');
  const late = world.writes - before;
  // A pod that waits for an image says every five minutes that the pull failed, and that it waits (EnsureImageExists, pkg/kubelet/images/image_manager.go; MaxContainerBackOff in pkg/kubelet/kubelet.go).
  const pulling = (cluster.client.list('Pod', { namespace: 'default' }).items as Pod[]).filter(({ spec }) => spec.nodeName && spec.containers[0]!.image === brokenImage);
  if (late > 2 * pulling.length) return [`${late} writes in three minutes in which nothing happened`];
  return outcome(world, history, intent);
}
