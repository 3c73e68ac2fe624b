// sed, as busybox has it.
import { resolvePath } from '../../../machine/index.ts';
import { type Command, input, inputs } from '../commands/command.ts';
import { filter, Misused, save } from '../commands/getopt.ts';
import { parseSed } from './parse.ts';
import { Sed } from './run.ts';

export const sed: Command = filter('sed', { flags: 'nrEs', values: 'ef', optional: 'i', long: { 'in-place': 'i', quiet: 'n', expression: 'e', 'regexp-extended': 'E' } }, ({ letters, values, lists, rest }, io, shell) => {
  const { files } = shell.process;
  const full = (path: string) => resolvePath(path, shell.cwd);
  const scripts = [...(lists['f'] ?? []).map((path) => files.read(full(path)) ?? ''), ...(lists['e'] ?? [])];
  const paths = [...rest];
  const script = scripts.length > 0 ? scripts.join('\n') : paths.shift();
  if (script === undefined) throw new Misused('');
  const quiet = letters.includes('n') || /^#n\n/.test(script);
  const make = () => new Sed(parseSed(script, /[rE]/.test(letters)), { quiet, files: { read: (path) => files.read(full(path)), write: (path, text) => save(path, text, shell) } });
  if (!letters.includes('i')) {
    const { text, status } = input('sed', paths, io, shell);
    io.out(make().run(text));
    return status;
  }
  const { texts, status } = inputs('sed', paths, io, shell);
  for (const { path, text } of texts) {
    if (values['i']) save(path + values['i'], text, shell);
    save(path, make().run(text), shell);
  }
  return status;
});
