// The judge's side of the conversation with an answer's process: asks the answer's functions, and carries out what the
// answer does meanwhile to what it was lent. All of it is done here, to the judge's own cluster, at that very moment.
import { Ended, type Lines, Malformed, Oversized } from './lines.ts';
import { type Surface, isCluster, surfaceOf } from './surface.ts';
import { decode, decodeError, encode, encodeError, Kept, type Side, type StatusErrorClass, type Wire } from './wire.ts';

/** Why there is nothing to be judged. */
export type Breach = 'oversized' | 'malformed' | 'ended' | 'stuck' | 'left';

/** What an answer's process says of its own accord. */
export type Told = { is: 'answered'; id: string; answer: unknown } | { is: 'ended'; cell: number; error?: { name: string; message: string; line?: number } } | { is: 'over'; clean: boolean };

type Message = Record<string, Wire>;

interface Lent {
  value: any;
  surface: Surface;
}

/** Thrown at everything that still wants something of an answer's process after a breach. */
export class Broken extends Error {
  constructor(readonly breach: Breach) {
    super(breach);
  }
}

export class Asking {
  #lines: Lines;
  #lent: Lent[] = [];
  #ids = new WeakMap<object, number>();
  /** What stands here for the answer's functions, by their number. */
  #functions = new Map<number, (...args: unknown[]) => unknown>();
  #numbers = new WeakMap<object, number>();
  #mine = new WeakSet<object>();
  #side: Side;
  /** How deep the judge is in questions to the answer. */
  #depth = 0;
  breach: Breach | undefined;

  constructor(lines: Lines, StatusError: StatusErrorClass) {
    this.#lines = lines;
    this.#side = { tell: (value) => this.#tell(value), stand: (told) => this.#stand(told), StatusError, numbers: true, kept: new Kept() };
  }

  begin(message: object): void {
    this.#lines.restart();
    this.#send(message);
  }

  /** What the answer's process says next, when nobody has asked it anything. */
  next(): Told {
    const message = this.#receive();
    switch (message['t']) {
      // Of an answer that went on without waiting for itself: what was judged is judged.
      case 'call':
      case 'get':
      case 'items':
        this.#send(this.#carryOut(message));
        return this.next();
      case 'answered':
        return { is: 'answered', id: String(message['id']), answer: this.#guarded(() => decode(message['answer'], this.#side)) };
      case 'end':
        return { is: 'ended', cell: Number(message['cell']), ...errorOf(message['error']) };
      case 'over':
        return { is: 'over', clean: message['clean'] === true };
      default:
        return this.#broken('malformed');
    }
  }

  /** The answer's `exercise(…)` may go on. */
  goOn(): void {
    this.#send({ t: 'done', value: null });
  }

  /** Has a story told where the answer lives: it looks at objects that two have in common. */
  tellThere(story: string, args: readonly unknown[]): unknown {
    return this.#ask({ t: 'story', story, args: encode([...args], this.#side), top: true });
  }

  #ask(question: object): unknown {
    if (this.breach) throw new Broken(this.breach);
    this.#depth++;
    try {
      this.#send(question);
      for (;;) {
        const message = this.#receive();
        if (message['t'] === 'done') return this.#guarded(() => decode(message['value'], this.#side));
        if (message['t'] === 'failed') return this.#fail(message);
        if (message['t'] === 'end') return this.#broken('left');
        this.#send(this.#carryOut(message));
      }
    } finally {
      this.#depth--;
    }
  }

  #fail({ error, later }: Message): unknown {
    const thrown = this.#guarded(() => decodeError(error, this.#side));
    if (later === true) return Promise.reject(thrown);
    throw thrown;
  }

  /** Something that the answer does while it is asked. */
  #carryOut(message: Message): object {
    const act = this.#guarded(() => this.#read(message));
    try {
      return { t: 'done', value: encode(act(), this.#side) };
    } catch (error) {
      if (error instanceof Broken) throw error;
      return { t: 'failed', error: encodeError(error, this.#side) };
    }
  }

  #read({ t, of, name, args }: Message): () => unknown {
    const lent = this.#lent[of as number];
    if (!lent) throw new Malformed();
    const { value, surface } = lent;
    if (t === 'items' && surface.items) return () => [...value];
    const way = typeof name === 'string' && Object.hasOwn(surface.names, name) ? surface.names[name] : undefined;
    if (t === 'get' && way === 'get') return () => this.#noted(value, name as string);
    if (t !== 'call' || !(name === undefined ? surface.call : way === 'call')) throw new Malformed();
    const given = decode(args, this.#side);
    if (!Array.isArray(given)) throw new Malformed();
    return () => spread(name === undefined ? value(...given) : value[name as string](...given));
  }

  /** The files of the workstation are the answer's to write. */
  #noted(value: any, name: string): unknown {
    const found = value[name];
    if (name === 'files' && isCluster(value)) this.#mine.add(found);
    return found;
  }

  #tell(value: object): Wire | undefined {
    const number = this.#numbers.get(value);
    if (number !== undefined) return { $: 'near', id: number };
    const known = this.#ids.get(value);
    if (known !== undefined) return { $: 'far', id: known };
    const surface = surfaceOf(value, this.#mine);
    if (!surface) return undefined;
    const id = this.#lent.push({ value, surface }) - 1;
    this.#ids.set(value, id);
    return { $: 'far', id, call: surface.call, names: surface.names, items: surface.items };
  }

  #stand({ $: what, id }: Message): unknown {
    if (typeof id !== 'number') throw new Malformed();
    if (what === 'near') return (this.#lent[id] ?? refuse()).value;
    if (what !== 'function') throw new Malformed();
    let stand = this.#functions.get(id);
    if (!stand) {
      stand = (...args) => this.#ask({ t: 'call', id, args: encode(args, this.#side), top: this.#depth === 0 });
      this.#functions.set(id, stand);
      this.#numbers.set(stand, id);
    }
    return stand;
  }

  #receive(): Message {
    if (this.breach) throw new Broken(this.breach);
    const message = this.#guarded(() => this.#lines.read()) as Message;
    if (typeof message !== 'object' || message === null) return this.#broken('malformed');
    if (message['t'] === 'stuck') return this.#broken('stuck');
    return message;
  }

  #send(message: object): void {
    try {
      this.#lines.write(message);
    } catch {
      this.#broken('ended');
    }
  }

  /** What cannot be understood ends the conversation: nobody guesses what it was meant to say. */
  #guarded<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof Broken) throw error;
      return this.#broken(error instanceof Oversized ? 'oversized' : error instanceof Ended ? 'ended' : 'malformed');
    }
  }

  #broken(breach: Breach): never {
    this.breach ??= breach;
    throw new Broken(this.breach);
  }
}

function refuse(): never {
  throw new Malformed();
}

/** What is gone through once (the keys of a map) crosses as a list. */
function spread(value: unknown): unknown {
  const isIterator = typeof value === 'object' && value !== null && Symbol.iterator in value && typeof (value as { next?: unknown }).next === 'function';
  return isIterator ? [...(value as Iterable<unknown>)] : value;
}

function errorOf(told: unknown): { error?: { name: string; message: string; line?: number } } {
  if (typeof told !== 'object' || told === null) return {};
  const { name, message, line } = told as Message;
  return { error: { name: String(name), message: String(message), ...(typeof line === 'number' && { line }) } };
}
