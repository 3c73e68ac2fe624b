// Instructions that change an image's configuration and none of its files.
import { sha } from '../images.ts';
import { type Instruction, words } from './dockerfile.ts';
import type { Draft } from './draft.ts';
import { expand, pairs } from './expand.ts';

interface Around {
  args: ReadonlyMap<string, string>;
  globals: ReadonlyMap<string, string>;
  now: number;
  buildKit: boolean;
}

export function configure(instruction: Instruction, draft: Draft, around: Around): void {
  const { name } = instruction;
  const by = apply(instruction, draft, around);
  // BuildKit looks at what a later step sees: a new CMD changes nothing for it.
  if (!around.buildKit || /^(ENV|USER|SHELL|ARG)$/.test(name)) draft.key = sha(`${draft.key}|${by}`);
  if (name === 'ARG' && around.buildKit) return;
  const created = around.now;
  draft.history.push(around.buildKit ? { created, by, comment: 'buildkit.dockerfile.v0' } : { created, by: `/bin/sh -c #(nop)  ${by}` });
}

function apply({ name, rest, list }: Instruction, draft: Draft, { args, globals }: Around): string {
  const text = expand(rest, new Map([...draft.args, ...draft.env]));
  switch (name) {
    case 'ENV':
      for (const [key, value] of pairs(words(text), text)) draft.env.set(key, value);
      return `ENV ${pairs(words(text), text).map(([key, value]) => `${key}=${value}`).join(' ')}`;
    case 'ARG':
      for (const [key, value] of pairs(words(text), text)) draft.args.set(key, args.get(key) ?? (text.includes('=') ? value : (globals.get(key) ?? '')));
      return `ARG ${text}`;
    case 'USER':
      draft.user = text;
      return `USER ${text}`;
    case 'EXPOSE': {
      const ports = words(text).map((port) => (port.includes('/') ? port : `${port}/tcp`));
      for (const port of ports) if (!draft.ports.includes(port)) draft.ports.push(port);
      return `EXPOSE map[${ports.map((port) => `${port}:{}`).join(' ')}]`;
    }
    case 'CMD':
      draft.cmd = list ?? ['/bin/sh', '-c', rest];
      draft.ownCommand = true;
      return `CMD ${shown(draft.cmd)}`;
    case 'ENTRYPOINT':
      draft.entrypoint = list ?? ['/bin/sh', '-c', rest];
      // The command of the base was meant for its own entry point.
      if (!draft.ownCommand) draft.cmd = [];
      return `ENTRYPOINT ${shown(draft.entrypoint)}`;
    default:
      return `${name} ${text}`;
  }
}

const shown = (list: readonly string[]) => `[${list.map((word) => JSON.stringify(word)).join(' ')}]`;
