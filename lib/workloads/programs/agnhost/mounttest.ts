// Looks at files as the tests of volumes ask it to: file system, content, mode, owner; and writes new ones.
import { FileError, type FileView, modeText, type Inode } from '../../../machine/index.ts';
import type { Process, Program } from '../../program.ts';
import { flag } from './options.ts';

const initial = 'mount-tester new file\n';
const quoted = (path: string) => JSON.stringify(path);
const permissions = (inode: Inode) => modeText({ kind: 'file', mode: inode.mode & 0o777 } as Inode);

/** As Go prints a FileMode: `drwxr-xr-x`, a sticky bit in front. */
function goMode(inode: Inode): string {
  const special = (inode.mode & 0o4000 ? 'u' : '') + (inode.mode & 0o2000 ? 'g' : '') + (inode.mode & 0o1000 ? 't' : '');
  const kind = inode.kind === 'directory' ? 'd' : '';
  return `${kind}${special}${kind || special ? permissions(inode).slice(1) : permissions(inode)}`;
}

function inodeAt(files: FileView, path: string): Inode {
  const inode = files.find(path);
  if (!inode) throw new FileError('ENOENT');
  return inode;
}

const create = (mode: number): Look => ({ what: 'error writing new file', tell: (files, path) => (files.write(path, initial, mode), `content of file ${quoted(path)}: ${files.readFile(path)}`) });

interface Look {
  what: string;
  tell(files: FileView, path: string): string;
}

/** In the order in which the program does them, whatever the order of its options. */
const looks: Record<string, Look> = {
  '--fs_type': { what: 'error from statfs', tell: (files, path) => (inodeAt(files, path), `mount type of ${quoted(path)}: ${files.mountOf(path)?.type === 'tmpfs' ? 'tmpfs' : 61267}`) },
  '--new_file_0644': create(0o644),
  '--new_file_0666': create(0o666),
  '--new_file_0660': create(0o660),
  '--new_file_0777': create(0o777),
  '--file_mode': { what: 'error from Stat', tell: (files, path) => `mode of file ${quoted(path)}: ${goMode(inodeAt(files, path))}` },
  '--file_perm': { what: 'error from Stat', tell: (files, path) => `perms of file ${quoted(path)}: ${permissions(inodeAt(files, path))}` },
  '--file_owner': { what: 'error from stat', tell: (files, path) => `owner UID of ${quoted(path)}: ${inodeAt(files, path).uid}\nowner GID of ${quoted(path)}: ${inodeAt(files, path).gid}` },
  '--file_content': { what: 'error reading file content for', tell: (files, path) => `content of file ${quoted(path)}: ${files.readFile(path)}` },
};

export const mounttest: Program = (process) => {
  const { files, argv } = process;
  files.umask = 0;
  let failed = false;
  for (const [name, { what, tell }] of Object.entries(looks)) {
    const path = flag(argv, name);
    if (!path) continue;
    const text = tried(() => tell(files, path), (reason) => ((failed = true), `${what} ${quoted(path)}: ${reason}`));
    process.logLines(text.split('\n'));
  }
  const path = flag(argv, '--file_content_in_loop');
  if (path) watch(process, path, { seconds: Number(flag(argv, '--retry_time') ?? 180), once: flag(argv, '--break_on_expected_content') !== 'false' });
  else process.after(20, () => process.exit(failed ? 1 : 0));
  return { terminate: { after: 10, exitCode: 2 } };
};

/** Every two seconds, until the content is what the program itself writes. */
function watch(process: Process, path: string, { seconds, once }: { seconds: number; once: boolean }): void {
  const end = process.clock.now + seconds * 1000;
  let failed = false;
  const look = () => {
    if (process.clock.now >= end) return process.exit(failed ? 1 : 0);
    failed = false;
    const text = tried(() => `content of file ${quoted(path)}: ${process.files.readFile(path)}`, (reason) => ((failed = true), `Error reading file ${path}: open ${path}: ${reason}, retrying`));
    process.logLines(text.split('\n'));
    if (!failed && once) {
      if (text.endsWith(initial)) return process.after(20, () => process.exit(0));
      process.log(`Unexpected content. Expected: ${initial.trim()}. Retrying`);
    }
    process.after(2_000, look);
  };
  look();
}

function tried(tell: () => string, failed: (reason: string) => string): string {
  try {
    return tell();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return failed(error.message.toLowerCase());
  }
}
