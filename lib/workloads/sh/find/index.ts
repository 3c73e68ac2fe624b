// find: an expression over all that lies below some places.
import { resolvePath } from '../../../machine/index.ts';
import type { Command } from '../commands/command.ts';
import { optioned } from '../commands/getopt.ts';
import type { Io, Running$, Shell } from '../shell.ts';
import { type Expression, parseFind } from './parse.ts';
import type { Place } from './tests.ts';

function* visit(path: string, depth: number, { expression, io, shell }: { expression: Expression; io: Io; shell: Shell }): Running$ {
  const { files } = shell.process;
  const full = resolvePath(path, shell.cwd);
  const inode = files.findLink(full);
  if (!inode) return 1;
  const place: Place = { path, inode, io, shell, prune: false };
  const { check, least, most, depthFirst } = expression;
  if (!depthFirst && depth >= least) yield* check(place);
  if (inode.kind === 'directory' && depth < most && !place.prune) {
    for (const name of files.list(full)) yield* visit(`${path.endsWith('/') ? path : `${path}/`}${name}`, depth + 1, { expression, io, shell });
  }
  if (depthFirst && depth >= least) yield* check(place);
  return 0;
}

/** An expression that begins with a test is no option. */
export const find: Command = (argv, io, shell) => {
  const first = argv.findIndex((word, i) => i > 0 && !/^-[HL]+$/.test(word));
  return search(first < 0 ? argv : [...argv.slice(0, first), '--', ...argv.slice(first)], io, shell);
};

const search: Command = optioned('find', { flags: 'HL', stops: true }, function* ({ rest }, io, shell) {
  const from = rest.findIndex((word) => /^[-!(]/.test(word));
  const roots = from < 0 ? rest : rest.slice(0, from);
  const expression = parseFind(from < 0 ? [] : rest.slice(from));
  let status = 0;
  for (const root of roots.length > 0 ? roots : ['.']) {
    const gone = yield* visit(root, 0, { expression, io, shell });
    if (gone) io.err(`find: ${root}: No such file or directory\n`);
    status |= gone;
  }
  for (const run of expression.last) status |= (yield* run(io, shell)) === 0 ? 0 : 1;
  return status;
});
