// Loops that ask somebody the same thing all the time: `while sleep 0.01; do wget -q -O- http://php-apache; done`.
import type { Repetition } from '../load/repetition.ts';
import type { Io, Running$, Shell } from './shell.ts';
import type { Node, Word } from './tree.ts';

type Loop = Node & { kind: 'while' };

/** Commands that do the same in every round, and those that ask. */
const constant = /^(wget|curl|sleep|true|:|echo|printf|\[|test)$/;
const asks = /^(wget|curl)$/;

/** Every round of it does the same: nothing is set, nothing is looked at that changes. */
export function isSteady(shell: Shell, { condition, body }: Loop): boolean {
  const commands = [...simple(shell, condition), ...simple(shell, body)];
  return commands.every((name) => constant.test(name)) && commands.some((name) => asks.test(name));
}

/** Names of the commands; one that is none of the above where there is anything else. */
function simple(shell: Shell, node: Node): string[] {
  switch (node.kind) {
    case 'list':
      return node.items.flatMap(({ node: one, operator }) => (operator === '&' ? ['&'] : simple(shell, one)));
    case 'pipeline':
      return node.commands.length === 1 ? simple(shell, node.commands[0]!) : ['|'];
    case 'simple': {
      const [word] = node.words;
      const name = word?.length === 1 && word[0]!.kind === 'text' ? word[0]!.text : '?';
      const fixed = node.assignments.length === 0 && node.words.every(isFixed) && node.redirects.every(({ operator, target }) => operator === '>&' || isNull(target));
      return [fixed && !shell.functions.has(name) ? name.replace(/^\/(usr\/)?bin\//, '') : '?'];
    }
    default:
      return ['?'];
  }
}

const isFixed = (word: Word) => word.every((part) => part.kind === 'text' || (part.kind === 'variable' && !part.operator && /^([A-Za-z_]\w*|\d|[@*#])$/.test(part.name) && part.name !== 'RANDOM' && part.name !== 'SECONDS'));
const isNull = (word: Word) => word.length === 1 && word[0]!.kind === 'text' && word[0]!.text === '/dev/null';

/** `round` runs the loop once and returns false when it is over. */
export function* steadily(shell: Shell, repetition: Repetition, io: Io, round: (io: Io) => Generator<number, boolean, void>): Running$ {
  const outer = shell.repetition;
  shell.repetition = repetition;
  let [out, err] = ['', ''];
  const noted: Io = { ...io, out: (text) => (io.out(text), void (out += text)), err: (text) => (io.err(text), void (err += text)) };
  try {
    for (;;) {
      [out, err] = ['', ''];
      repetition.begin();
      if (!(yield* round(noted))) return shell.status;
      repetition.done();
      for (let { rest } = repetition; rest > 0; { rest } = repetition) {
        yield rest;
        const others = repetition.others();
        if (out && others > 0) io.out(out.repeat(others));
        if (err && others > 0) io.err(err.repeat(others));
        // Differs from Kubernetes: runtimes wait for 16 KiB of a line that does not end before they write it to the log.
        io.flush?.();
      }
    }
  } finally {
    repetition.end();
    shell.repetition = outer;
  }
}
