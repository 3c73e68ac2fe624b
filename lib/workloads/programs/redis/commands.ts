// The commands that a guestbook needs, and a few to look around with.
import type { Reply } from './protocol.ts';

export type Store = Map<string, string>;
export interface Asked {
  args: readonly string[];
  store: Store;
}

interface Command {
  /** How many words it has, itself included; negative: at least so many. */
  arity: number;
  writes?: boolean;
  run(asked: Asked): Reply;
}

const ok: Reply = { kind: 'status', text: 'OK' };
const error = (text: string): Reply => ({ kind: 'error', text });

function add({ args: [key = ''], store }: Asked, by: number): Reply {
  const value = Number(store.get(key) ?? 0);
  if (!Number.isSafeInteger(value)) return error('ERR value is not an integer or out of range');
  store.set(key, String(value + by));
  return { kind: 'integer', value: value + by };
}

/** `user:*` as a regular expression. */
const pattern = (glob: string) => new RegExp(`^${glob.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`);

export const commands: Readonly<Record<string, Command>> = {
  PING: { arity: -1, run: ({ args: [text] }) => (text === undefined ? { kind: 'status', text: 'PONG' } : { kind: 'bulk', text }) },
  ECHO: { arity: 2, run: ({ args: [text] }) => ({ kind: 'bulk', text }) },
  GET: { arity: 2, run: ({ args: [key = ''], store }) => ({ kind: 'bulk', text: store.get(key) }) },
  SET: { arity: -3, writes: true, run: ({ args: [key = '', value = ''], store }) => (store.set(key, value), ok) },
  APPEND: { arity: 3, writes: true, run: ({ args: [key = '', value = ''], store }) => ({ kind: 'integer', value: store.set(key, (store.get(key) ?? '') + value).get(key)!.length }) },
  DEL: { arity: -2, writes: true, run: ({ args, store }) => ({ kind: 'integer', value: args.filter((key) => store.delete(key)).length }) },
  EXISTS: { arity: -2, run: ({ args, store }) => ({ kind: 'integer', value: args.filter((key) => store.has(key)).length }) },
  INCR: { arity: 2, writes: true, run: (asked) => add(asked, 1) },
  DECR: { arity: 2, writes: true, run: (asked) => add(asked, -1) },
  KEYS: { arity: 2, run: ({ args: [glob = ''], store }) => ({ kind: 'array', items: [...store.keys()].filter((key) => pattern(glob).test(key)) }) },
  DBSIZE: { arity: 1, run: ({ store }) => ({ kind: 'integer', value: store.size }) },
  FLUSHALL: { arity: -1, writes: true, run: ({ store }) => (store.clear(), ok) },
};

/** What is wrong with a command, in redis' words; undefined when nothing is. */
export function refusal(words: readonly string[]): Reply | undefined {
  const [name = '', ...args] = words;
  const command = commands[name.toUpperCase()];
  if (!command) return error(`ERR unknown command '${name}', with args beginning with: ${args.map((arg) => `'${arg}' `).join('')}`);
  const fits = command.arity < 0 ? words.length >= -command.arity : words.length === command.arity;
  return fits ? undefined : error(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
}
