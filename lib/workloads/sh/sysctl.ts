// sysctl: kernel parameters, as busybox shows them.
import { flags, operands, type Command } from './commands/command.ts';

/** Differs from Linux: nothing is set by it, as /proc/sys is read-only in containers. */
export const sysctl: Command = function* (argv, io, shell) {
  const { files } = shell.process;
  const [quiet, namesOnly] = ['n', 'N'].map((letter) => flags(argv.slice(1)).includes(letter));
  let status = 0;
  for (const word of operands(argv.slice(1))) {
    const [name = '', value] = word.split(/=(.*)/s, 2);
    const path = `/proc/sys/${name.replace(/[./]/g, (separator) => (/[./]/.exec(name)![0] === '/' ? separator : separator === '.' ? '/' : '.'))}`;
    const text = files.read(path);
    if (text === undefined || value !== undefined) {
      io.err(text === undefined ? `sysctl: error: '${name}' is an unknown key\n` : `sysctl: error setting key '${name}': Read-only file system\n`);
      status = 1;
    } else io.out(namesOnly ? `${name}\n` : quiet ? text : `${name} = ${text}`);
  }
  return status;
};
