// Filters: what each of them does stands in a file of its own.
import { bytesOf, textOf } from '../../../machine/index.ts';
import { awk } from '../awk/index.ts';
import { sed } from '../sed/index.ts';
import { columnCommands } from './columns.ts';
import { type Command, escapes, flags, input, operands, plain } from './command.ts';
import { countCommands } from './counts.ts';
import { digestCommands } from './digest.ts';
import { grepCommands } from './grep.ts';
import { lineCommands } from './lines.ts';
import { sortCommands } from './sort.ts';
import { printf } from '../printf.ts';
import { xargs } from './xargs.ts';

/** As `hexdump -C` prints bytes. */
const hexdump = plain((args, io, shell) => {
  const { text, status } = input('hexdump', operands(args), io, shell);
  const bytes = bytesOf(text);
  const hex = (n: number, width: number) => n.toString(16).padStart(width, '0');
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const cells = Array.from({ length: 16 }, (_, i) => (i < row.length ? hex(row[i]!, 2) : '  '));
    const shown = row.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('');
    io.out(`${hex(at, 8)}  ${cells.slice(0, 8).join(' ')}  ${cells.slice(8).join(' ')}  |${shown}|\n`);
  }
  if (bytes.length > 0) io.out(`${hex(bytes.length, 8)}\n`);
  return status;
});

const base64 = plain((args, io, shell) => {
  const { text, status } = input('base64', operands(args), io, shell);
  if (flags(args).match(/[dD]/)) io.out(textOf(Uint8Array.from(atob(text.replace(/\s/g, '')), (c) => c.charCodeAt(0))));
  else io.out(`${btoa(String.fromCharCode(...bytesOf(text))).replace(/.{76}(?=.)/g, '$&\n')}\n`);
  return status;
});

export const textCommands: Record<string, Command> = {
  echo: plain((args, io) => {
    const words = args.findIndex((arg) => !/^-[neE]+$/.test(arg));
    const options = args.slice(0, words < 0 ? args.length : words).join('');
    const text = args.slice(words < 0 ? args.length : words).join(' ');
    io.out((options.includes('e') ? escapes(text) : text) + (options.includes('n') ? '' : '\n'));
  }),
  printf: plain((args, io) => io.out(printf(args[0] ?? '', args.slice(1)))),
  hexdump,
  base64,
  awk,
  sed,
  xargs,
  ...grepCommands,
  ...lineCommands,
  ...countCommands,
  ...columnCommands,
  ...sortCommands,
  ...digestCommands,
};

