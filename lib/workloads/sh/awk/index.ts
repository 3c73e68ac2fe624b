// awk, as far as one-liners go. Differs from busybox: no functions of one's own, no getline, no pipes.
import { resolvePath } from '../../../machine/index.ts';
import { type Command, escapes, inputs } from '../commands/command.ts';
import { filter, Misused, save } from '../commands/getopt.ts';
import type { Io, Shell } from '../shell.ts';
import { Machine } from './machine.ts';
import { parseAwk, type Rule } from './program.ts';
import type { Leaving } from './statements.ts';
import { fromInput, toNumber } from './values.ts';

/** Output goes to the stream or, after `>`, into a file that is begun anew. */
function writer(io: Io, shell: Shell): Machine['write'] {
  const { files } = shell.process;
  const begun = new Set<string>();
  return (text, path, append = false) => {
    if (path === undefined || path === '/dev/stdout') return io.out(text);
    if (path === '/dev/stderr') return io.err(text);
    const full = resolvePath(path, shell.cwd);
    save(path, (append || begun.has(full) ? (files.read(full) ?? '') : '') + text, shell);
    begun.add(full);
  };
}

function recordsOf(text: string, mark: string): string[] {
  if (text === '') return [];
  if (mark === '') return text.replace(/^\n+|\n+$/g, '').split(/\n\n+/);
  return (text.endsWith(mark[0]!) ? text.slice(0, -1) : text).split(mark[0]!);
}

/** Runs the rules of one kind; 'exit' ends it all. */
function runRules(rules: readonly Rule[], when: Rule['when'], m: Machine): Leaving {
  for (const rule of rules) {
    if (rule.when !== when || (rule.chosen && !rule.chosen(m))) continue;
    const leaving = rule.run(m);
    if (leaving === 'next' || leaving === 'exit') return leaving;
  }
  return undefined;
}

function overRecords(rules: readonly Rule[], m: Machine, texts: readonly { path: string; text: string }[]): Leaving {
  for (const { path, text } of texts) {
    m.set('FILENAME', path === '-' ? '' : path);
    m.set('FNR', 0);
    for (const record of recordsOf(text, m.text('RS'))) {
      m.step();
      m.record = record;
      for (const name of ['NR', 'FNR']) m.set(name, toNumber(m.get(name)) + 1);
      if (runRules(rules, 'record', m) === 'exit') return 'exit';
    }
  }
  return undefined;
}

export const awk: Command = filter('awk', { values: 'Fvf', stops: true }, ({ values, lists, rest }, io, shell) => {
  const { files, clock } = shell.process;
  const paths = [...rest];
  const program = lists['f'] ? lists['f'].map((path) => files.read(resolvePath(path, shell.cwd)) ?? '').join('\n') : paths.shift();
  if (program === undefined) throw new Misused('');
  const rules = parseAwk(program);
  const m = new Machine({ write: writer(io, shell), now: clock.now });
  if (values['F'] !== undefined) m.set('FS', escapes(values['F'] === 't' ? '\t' : values['F']));
  const assign = (word: string) => m.set(word.replace(/=.*/s, ''), fromInput(escapes(word.replace(/^[^=]*=/, ''))));
  for (const word of lists['v'] ?? []) assign(word);
  for (const [name, value] of shell.variables) m.array('ENVIRON').set(name, fromInput(value));
  let leaving = runRules(rules, 'BEGIN', m);
  for (const word of paths.filter((path) => /^[A-Za-z_]\w*=/.test(path))) assign(word);
  let status = 0;
  if (leaving !== 'exit' && rules.some(({ when }) => when !== 'BEGIN')) {
    const read = inputs('awk', paths.filter((path) => !/^[A-Za-z_]\w*=/.test(path)), io, shell);
    status = read.status;
    leaving = overRecords(rules, m, read.texts);
  }
  runRules(rules, 'END', m);
  return m.exitCode || status;
});
