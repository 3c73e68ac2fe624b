// The answer's side of the conversation with its judge. What it was lent (a cluster, kubectl, a client) stays with the judge:
// here are only things of the same shape, and whatever is done to them is done there.
import type { Lines } from './lines.ts';
import type { ToldStory } from '../exercise.ts';
import { decode, decodeError, encode, encodeError, isPlain, Kept, type Side, type StatusErrorClass, type Wire } from './wire.ts';

type Message = Record<string, any>;
type Callable = (...args: any[]) => unknown;

interface Given {
  run: Callable;
  owner: unknown;
  id: number;
}


interface Parts {
  StatusError: StatusErrorClass;
  /** What is told here. */
  stories: readonly ToldStory[];
  /** Throws: this is not for answers. */
  closed(what: string): never;
}

/** The function with which an answer is handed in: it serves the judge until that one has seen enough. */
export function openAnswering(lines: Lines, { StatusError, stories, closed }: Parts): (id: string, answer: unknown) => Promise<void> {
  const given: Given[] = [];
  const byFunction = new WeakMap<Callable, Given[]>();
  const stands = new Map<number, object>();
  const ids = new WeakMap<object, number>();
  const side: Side = { tell, stand, StatusError, numbers: false, kept: new Kept() };

  function giveOut(run: Callable, owner?: unknown): Wire {
    const known = byFunction.get(run) ?? [];
    let found = known.find((one) => one.owner === owner);
    if (!found) {
      found = { run, owner, id: given.length };
      given.push(found);
      byFunction.set(run, [...known, found]);
    }
    return { $: 'function', id: found.id };
  }

  function tell(value: object): Wire | undefined {
    const id = ids.get(value);
    if (id !== undefined) return { $: 'near', id };
    if (typeof value === 'function') return giveOut(value as Callable);
    if (Array.isArray(value) || value instanceof Map || value instanceof Set || value instanceof Promise || value instanceof Error || value instanceof Date) return undefined;
    const names = namesOf(value);
    const field = (name: string) => (value as Record<string, unknown>)[name];
    if (!names.some((name) => typeof field(name) === 'function')) return undefined;
    return Object.fromEntries(names.map((name) => [name, typeof field(name) === 'function' ? giveOut(field(name) as Callable, value) : encode(field(name), side, 1)]));
  }

  function stand(told: Message): unknown {
    if (told['$'] === 'near') return given[told['id']]!.run;
    let one = stands.get(told['id']);
    if (!one) {
      one = standFor(told);
      stands.set(told['id'], one);
      ids.set(one, told['id']);
    }
    return one;
  }

  function standFor({ id, call, names, items }: Message): object {
    const ask = (question: object) => exchange({ of: id, ...question });
    const calls = (name?: string) => (...args: unknown[]) => ask({ t: 'call', ...(name !== undefined && { name }), args: encode(args, side) });
    const one: object = call ? calls() : {};
    for (const [name, way] of Object.entries(names as Record<string, string>)) {
      const field = way === 'call' ? { value: calls(name) } : { get: () => (way === 'closed' ? closed(name) : ask({ t: 'get', name })) };
      Object.defineProperty(one, name, { enumerable: way !== 'closed', configurable: true, ...field });
    }
    if (items) Object.defineProperty(one, Symbol.iterator, { value: () => (ask({ t: 'items' }) as unknown[])[Symbol.iterator]() });
    return one;
  }

  /** Asks the judge, and answers what it asks meanwhile. */
  function exchange(question: object): unknown {
    send(question);
    for (;;) {
      const message = receive();
      if (message['t'] === 'done') return decode(message['value'], side);
      if (message['t'] === 'failed') throw decodeError(message['error'], side);
      answerNow(message);
    }
  }

  function invoke({ t, id, story, args }: Message): unknown {
    const handed = decode(args, side) as unknown[];
    if (t === 'story') return stories.find(({ name }) => name === story)!.tell(...(handed as [unknown]));
    const { run, owner } = given[id]!;
    return run.apply(owner, handed);
  }

  /** In the middle of a step of the cluster nothing is awaited: a promise is told as one, whatever comes of it. */
  function answerNow(message: Message): void {
    try {
      const value = invoke(message);
      if (value instanceof Promise) value.catch(() => {});
      send({ t: 'done', value: encode(value, side) });
    } catch (error) {
      send({ t: 'failed', error: encodeError(error, side) });
    }
  }

  async function answerInTime(message: Message): Promise<void> {
    let later = false;
    try {
      let value: Wire;
      const result = invoke(message);
      if (isThenable(result)) {
        later = true;
        value = { $: 'promise', value: encode(await result, side) };
      } else value = encode(result, side);
      send({ t: 'done', value });
    } catch (error) {
      send({ t: 'failed', later, error: encodeError(error, side) });
    }
  }

  function send(message: object): void {
    lines.write(message);
  }

  function receive(): Message {
    return lines.read() as Message;
  }

  async function handIn(id: string, answer: unknown): Promise<void> {
    send({ t: 'answered', id, answer: encode(answer, side) });
    for (let message = receive(); message['t'] !== 'done'; message = receive()) await answerInTime(message);
  }

  return handIn;
}

const isThenable = (value: unknown): value is PromiseLike<unknown> => typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/** Fields, and what a class says of all its objects. */
function namesOf(value: object): string[] {
  const names = new Set(Object.keys(value));
  for (let up = value; !isPlain(up); up = Object.getPrototypeOf(up)) {
    const prototype = Object.getPrototypeOf(up) as object;
    for (const name of Object.getOwnPropertyNames(prototype)) if (name !== 'constructor') names.add(name);
  }
  return [...names];
}
