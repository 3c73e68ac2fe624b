// What is done to a mini API server: steps as data, so that the same story can be told to any of them.
import type { ToldStory } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

export interface Thing {
  apiVersion: string;
  kind: string;
  metadata: { name: string; resourceVersion?: string };
  data: Record<string, string>;
}
export interface ApiEvent {
  type: string;
  object: Thing;
}

/** What the learner writes. Errors are thrown; their `code` counts. */
export interface MiniApi {
  create(object: Thing): Thing;
  get(name: string): Thing;
  list(): { metadata: { resourceVersion: string }; items: Thing[] };
  update(object: Thing): Thing;
  delete(name: string): unknown;
  watch(resourceVersion: string): { read(): ApiEvent[] };
}

/** `seen` is the step whose answer holds the resourceVersion that is sent along; without it none is sent. */
export type Step =
  | { do: 'create'; name: string; color: string }
  | { do: 'get'; name: string }
  | { do: 'list' }
  | { do: 'update'; name: string; color: string; seen?: number }
  | { do: 'delete'; name: string }
  | { do: 'watch'; seen: number }
  | { do: 'read'; watch: number }
  /** Somebody scribbles on what an earlier step got back, or on what it handed over. */
  | { do: 'scribble'; on: number };

export type Outcome = { error: number | string } | { value: any };

export const thing = (name: string, color: string, resourceVersion?: string): Thing => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(resourceVersion !== undefined && { resourceVersion }) },
  data: { color },
});

/** Runs where the answer runs, since somebody scribbles on what both of them hold: it judges nothing. */
export const apiTold: ToldStory = { name: 'mini-api', tell: (make: () => MiniApi, steps: Step[]) => tellApi(make, steps) };

/** Tells a server the story. */
export function tellApi(make: () => MiniApi, steps: Step[]): Outcome[] {
  const api = make();
  /** What each step got, alive; the outcomes are copies of that moment. */
  const got: any[] = [];
  const gave: any[] = [];
  return steps.map((step, i): Outcome => {
    try {
      got[i] = carryOut(api, step, { got, gave, i });
      return { value: step.do === 'watch' || step.do === 'scribble' || got[i] === undefined ? null : JSON.parse(JSON.stringify(got[i])) };
    } catch (error) {
      const { code, message } = error as { code?: number; message?: string };
      return { error: typeof code === 'number' ? code : String(message ?? error) };
    }
  });
}

function carryOut(api: MiniApi, step: Step, { got, gave, i }: { got: any[]; gave: any[]; i: number }): unknown {
  switch (step.do) {
    case 'create':
      return api.create((gave[i] = thing(step.name, step.color)));
    case 'get':
      return api.get(step.name);
    case 'list':
      return api.list();
    case 'update':
      return api.update((gave[i] = thing(step.name, step.color, step.seen === undefined ? undefined : got[step.seen]?.metadata?.resourceVersion)));
    case 'delete':
      return api.delete(step.name);
    case 'watch':
      return api.watch(got[step.seen]?.metadata?.resourceVersion);
    case 'read':
      return got[step.watch].read();
    case 'scribble':
      for (const one of [got[step.on], gave[step.on], got[step.on]?.items?.[0], got[step.on]?.[0]?.object]) scribble(one);
  }
}

/** Whoever hands out frozen objects is safe too. */
function scribble(object: any): void {
  try {
    if (object?.data) object.data.color = 'scribbled';
    if (object?.metadata) object.metadata.labels = { scribbled: 'yes' };
  } catch {
    // frozen
  }
}

const names = ['web', 'api', 'redis'];
const colors = ['red', 'green', 'blue', 'gold'];

/** A story in which most updates know the newest version, and some an older one. */
export function apiStory(random: Random, { length = 25, watchers = 0 } = {}): Step[] {
  const steps: Step[] = [{ do: 'create', name: 'web', color: 'red' }, { do: 'list' }];
  for (let i = 0; i < watchers; i++) steps.push({ do: 'watch', seen: 1 });
  const open = steps.flatMap((step, i) => (step.do === 'watch' ? [i] : []));
  let turn = 0;
  while (steps.length < length) {
    const name = random.pick(names);
    const color = `${random.pick(colors)}-${turn++}`;
    const chance = random.next();
    const versions = steps.flatMap((step, i) => ((step.do === 'create' || step.do === 'update') && step.name === name ? [i] : []));
    if (chance < 0.3) steps.push({ do: 'create', name, color });
    else if (chance < 0.6) steps.push({ do: 'update', name, color, ...(versions.length > 0 && random.next() < 0.8 && { seen: random.next() < 0.6 ? versions.at(-1)! : random.pick(versions) }) });
    else if (chance < 0.75) steps.push({ do: 'delete', name });
    else if (chance < 0.9) steps.push({ do: 'get', name });
    else if (open.length > 0) steps.push({ do: 'read', watch: random.pick(open) });
    else steps.push({ do: 'list' });
  }
  return [...steps, ...open.map((watch): Step => ({ do: 'read', watch })), { do: 'list' }];
}
