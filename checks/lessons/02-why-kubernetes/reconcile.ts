import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { plain } from '../../../lib/book/plain-json.ts';
import { show } from '../../../lib/book/same.ts';
import type { Random } from '../../../lib/index.ts';

type Desired = Record<string, number>;
interface PodLike {
  name: string;
  app: string;
}
type Action = { create: string } | { delete: string };
type Reconcile = (desired: Desired, actual: PodLike[]) => Action[];

/** What happens between two looks. A `lost` one tells nobody, a `doubled` one tells twice. */
interface Incident {
  kill?: number;
  stray?: string;
  scale?: [app: string, count: number];
  told: 0 | 1 | 2;
}
interface History {
  desired: Desired;
  actual: PodLike[];
  incidents: Incident[];
}
/** Where a history ended: `more` is what one look more asks for. */
interface Ending {
  desired: Desired;
  actual: PodLike[];
  more: unknown;
}

const apps = ['web', 'api', 'redis'];
const podsOf = (actual: PodLike[], app: string) => actual.filter((pod) => pod.app === app);

export const reconcile: FunctionExercise = {
  id: 'why-2',
  title: '조정 루프 첫 작성',
  kind: 'function',
  checks: [
    {
      name: '모자라면 그만큼 만든다',
      points: 1,
      hint: 'desired의 앱마다 actual에 몇 개가 있는지 센다. 모자란 수만큼 { create: 앱 }을 넣는다.',
      inputs: (random) => [[{ web: 3 }, []], [{ web: 3, api: 1 }, pods('web', 1)], ...shortOnes(random)],
      judge: judgeActions,
    },
    {
      name: '남으면 남는 만큼만 지운다',
      points: 1,
      hint: '지울 것은 이름으로 말한다: { delete: 파드의 name }. 같은 앱 가운데 몇 개가 남는지부터 센다.',
      inputs: (random) => [[{ web: 1 }, pods('web', 3)], [{ web: 0 }, pods('web', 2)], [{ api: 1, web: 2 }, [...pods('web', 4), ...pods('api', 1 + random.int(3))]]],
      judge: judgeActions,
    },
    {
      name: '맞는 앱에는 아무것도 하지 않는다',
      points: 1,
      hint: '수가 맞는 앱의 파드는 하나도 건드리지 않는다. 있는 것을 지우고 새로 만드는 것도 안 된다.',
      inputs: (random) => [[{ web: 2 }, pods('web', 2)], [{ web: 2, api: 1 }, pods('web', 2)], [{ web: 0, api: 2 }, pods('api', 3)], [{ api: 1, web: 3 }, random.shuffle([...pods('web', 3), ...pods('api', 1)])]],
      judge: judgeActions,
    },
    {
      name: '선언에 없는 앱은 건드리지 않는다',
      points: 1,
      hint: 'desired에 이름이 없는 앱은 남의 것이다. actual이 아니라 desired를 돌면서 일감을 찾는다.',
      inputs: (random) => [[{ web: 1 }, [...pods('web', 1), ...pods('payroll', 2)]], [{ web: 2 }, [...pods('web', 1), ...pods('payroll', 1 + random.int(4))]], [{ web: 1 }, [...pods('payroll', 1), ...pods('web', 3)]]],
      judge: judgeActions,
    },
    {
      name: '사건을 잃거나 두 번 들어도 수렴한다',
      points: 3,
      hint: '지난번에 무엇을 했는지 기억하지 말고, 부를 때마다 지금 들어온 actual만 세어 본다.',
      inputs: (random) => Array.from({ length: 200 }, () => [history(random)]),
      drive: live,
      judge: (ending: Ending) => judgeEnding(ending),
    },
  ],
};

function pods(app: string, count: number): PodLike[] {
  return Array.from({ length: count }, (_, i) => ({ name: `${app}-${i}`, app }));
}

function shortOnes(random: Random): unknown[][] {
  return Array.from({ length: 5 }, () => [{ web: 2 + random.int(4), redis: 1 }, pods('web', random.int(2))]);
}

function judgeActions(actions: unknown, desired: Desired, actual: PodLike[]): string | void {
  const problem = malformed(actions);
  if (problem) return problem;
  const after = apply(actual, actions as Action[], 'after');
  return touched(desired, actual, actions as Action[]) ?? unequal(desired, after) ?? wasteful(desired, actual, actions as Action[]);
}

function malformed(actions: unknown): string | undefined {
  if (!Array.isArray(actions)) return `할 일의 목록이 아니다: ${show(actions)}`;
  const bad = actions.find((action) => typeof (action?.create ?? action?.delete) !== 'string' || Object.keys(action).length !== 1);
  if (bad !== undefined) return `할 일은 { create: 앱 } 아니면 { delete: 파드 이름 }이다. 이런 일은 모른다: ${show(bad)}`;
}

function unequal(desired: Desired, actual: PodLike[]): string | undefined {
  const app = Object.keys(desired).find((app) => podsOf(actual, app).length !== desired[app]);
  if (app !== undefined) return `${app} 파드가 ${desired[app]}개여야 하는데 ${podsOf(actual, app).length}개가 되었다.`;
}

function wasteful(desired: Desired, actual: PodLike[], actions: Action[]): string | undefined {
  const needed = Object.entries(desired).reduce((sum, [app, count]) => sum + Math.abs(count - podsOf(actual, app).length), 0);
  if (actions.length > needed) return `${needed}가지 일이면 되는데 ${actions.length}가지를 시켰다: ${show(actions)}`;
}

function touched(desired: Desired, actual: PodLike[], actions: Action[]): string | undefined {
  for (const action of actions) {
    const app = 'create' in action ? action.create : actual.find(({ name }) => name === action.delete)?.app;
    if (app === undefined) return `${show(action)}: 그런 파드는 없다.`;
    if (!(app in desired)) return `${show(action)}: ${app} 앱은 선언에 없다.`;
  }
}

function apply(actual: PodLike[], actions: Action[], prefix: string): PodLike[] {
  const gone = new Set(actions.flatMap((action) => ('delete' in action ? [action.delete] : [])));
  const left = actual.filter(({ name }) => !gone.has(name));
  const made = actions.flatMap((action, i) => ('create' in action ? [{ name: `${action.create}-${prefix}-${i}`, app: action.create }] : []));
  return [...left, ...made];
}

function history(random: Random): History {
  const desired = Object.fromEntries(apps.filter(() => random.next() < 0.8).map((app) => [app, random.int(5)]));
  const incident = (): Incident => {
    const told = random.pick([0, 0, 1, 1, 2] as const);
    const chance = random.next();
    if (chance < 0.6) return { kill: random.int(100), told };
    return chance < 0.8 ? { stray: random.pick(apps), told } : { scale: [random.pick(apps), random.int(6)], told };
  };
  return { desired, actual: [], incidents: Array.from({ length: 5 + random.int(15) }, incident) };
}

/** Lives through a history; in the end the loop looks once more, as controllers do now and then without being told. */
function live(answer: Reconcile, { desired: first, actual: start, incidents }: History): Ending | { actions: unknown } {
  let [desired, actual] = [first, start];
  for (const [i, { kill, stray, scale, told }] of [...incidents, { told: 1 } as Incident].entries()) {
    if (kill !== undefined && actual.length > 0) actual = actual.filter((_, at) => at !== kill % actual.length);
    if (stray) actual = [...actual, { name: `${stray}-stray-${i}`, app: stray }];
    if (scale) desired = { ...desired, [scale[0]]: scale[1] };
    for (let look = 0; look < told; look++) {
      const actions = plain(answer({ ...desired }, actual.map((pod) => ({ ...pod }))));
      if (!Array.isArray(actions) || actions.length > 100) return { actions };
      actual = apply(actual, actions, `${i}-${look}`);
    }
  }
  return { desired, actual, more: answer({ ...desired }, actual) };
}

function judgeEnding(ending: Ending | { actions: unknown }): string | void {
  if ('actions' in ending) return `할 일의 목록이 아니거나 지나치게 길다: ${show(ending.actions)}`;
  const problem = malformed(ending.more) ?? unequal(ending.desired, ending.actual);
  if (problem) return problem;
  const more = ending.more as Action[];
  if (more.length > 0) return `이미 맞는데 또 일을 시킨다: ${show(more)}`;
}
