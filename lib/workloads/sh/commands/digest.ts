// md5sum and sha256sum: sums of files, and whether they still are what they were.
import { bytesOf, resolvePath } from '../../../machine/index.ts';
import { hex, sha256 } from '../../../sim/index.ts';
import type { Io, Shell } from '../shell.ts';
import { type Command, input, linesOf } from './command.ts';
import { filter, type Options } from './getopt.ts';
import { md5 } from './md5.ts';

type Sum = (bytes: Uint8Array) => string;

function check(name: string, sum: Sum, { letters, rest }: Options, io: Io, shell: Shell): number {
  const { text, status } = input(name, rest, io, shell);
  const { files } = shell.process;
  let [wrong, all] = [0, 0];
  for (const line of linesOf(text)) {
    const [, expected, path] = /^([\da-f]+) [ *](.*)$/.exec(line) ?? [];
    if (!expected || path === undefined) continue;
    all++;
    const content = files.read(resolvePath(path, shell.cwd));
    if (content === undefined) io.err(`${name}: can't open '${path}': No such file or directory\n`);
    const same = content !== undefined && sum(bytesOf(content)) === expected;
    if (!same) wrong++;
    if (!letters.includes('s')) io.out(`${path}: ${same ? 'OK' : 'FAILED'}\n`);
  }
  if (wrong > 0 && !letters.includes('s')) io.err(`${name}: WARNING: ${wrong} of ${all} computed checksums did NOT match\n`);
  return wrong > 0 ? 1 : status;
}

const command = (name: string, sum: Sum): Command =>
  filter(name, { flags: 'csw' }, (options, io, shell) => {
    if (options.letters.includes('c')) return check(name, sum, options, io, shell);
    let status = 0;
    for (const path of options.rest.length > 0 ? options.rest : ['-']) {
      const { text, status: failed } = input(name, [path], io, shell);
      status |= failed;
      if (!failed) io.out(`${sum(bytesOf(text))}  ${path}\n`);
    }
    return status;
  });

export const digestCommands: Record<string, Command> = { md5sum: command('md5sum', md5), sha256sum: command('sha256sum', (bytes) => hex(sha256(bytes))) };
