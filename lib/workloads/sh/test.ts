import { type FileView, type Inode, nodeSize, resolvePath } from '../../machine/index.ts';

export const isTest = (name: string): boolean => name === '[' || name === 'test' || name === '[[';

/** `[ … ]`: 0 true, 1 false, 2 malformed. */
export function test(argv: readonly string[], files: FileView, cwd: string, complain: (message: string) => void = () => {}): number {
  const words = argv.slice(1);
  if (!argv[0]!.endsWith('test')) words.pop();
  const or = words.lastIndexOf('-o');
  if (or > 0) return Math.min(test(['test', ...words.slice(0, or)], files, cwd), test(['test', ...words.slice(or + 1)], files, cwd));
  const and = words.lastIndexOf('-a');
  if (and > 0) return Math.max(test(['test', ...words.slice(0, and)], files, cwd), test(['test', ...words.slice(and + 1)], files, cwd));
  if (words[0] === '!' && words.length > 1) return test(['test', ...words.slice(1)], files, cwd, complain) === 0 ? 1 : 0;
  const wrong = problemOf(words);
  if (wrong) {
    complain(wrong);
    return 2;
  }
  return holds(words, files, cwd) ? 0 : 1;
}

function problemOf(words: readonly string[]): string | undefined {
  if (words.length === 2 && /^(==?|!=|-(eq|ne|lt|le|gt|ge))$/.test(words[1]!)) return `${words[1]}: argument expected`;
  if (words.length !== 3 || !/^-(eq|ne|lt|le|gt|ge)$/.test(words[1]!)) return undefined;
  const bad = [words[0]!, words[2]!].find((word) => !/^\s*[-+]?\d+\s*$/.test(word));
  return bad === undefined ? undefined : `${bad}: bad number`;
}

/** What `-d`, `-f` … ask of a file that is there. */
const checks: Record<string, (inode: Inode) => boolean> = {
  '-d': (inode) => inode.kind === 'directory',
  '-f': (inode) => inode.kind === 'file',
  '-L': (inode) => inode.kind === 'link',
  '-h': (inode) => inode.kind === 'link',
  '-S': (inode) => inode.kind === 'socket',
  '-c': (inode) => inode.kind === 'char',
  '-b': (inode) => inode.kind === 'block',
  '-p': (inode) => inode.kind === 'fifo',
  '-s': (inode) => nodeSize(inode) > 0,
  '-x': (inode) => inode.kind === 'directory' || (inode.mode & 0o111) !== 0,
};

function holds(words: readonly string[], files: FileView, cwd: string): boolean {
  if (words.length === 0) return false;
  if (words.length === 1) return words[0] !== '';
  const [a = '', operator = '', b = ''] = words;
  if (words.length === 2) {
    if (a === '-z' || a === '-n') return (operator === '') === (a === '-z');
    const path = resolvePath(operator, cwd);
    const inode = a === '-L' || a === '-h' ? files.findLink(path) : files.find(path);
    if (a === '-r' || a === '-w') return files.may(path, a === '-r' ? 4 : 2);
    return inode !== undefined && (checks[a]?.(inode) ?? true);
  }
  switch (operator) {
    case '=':
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '-eq':
      return Number(a) === Number(b);
    case '-ne':
      return Number(a) !== Number(b);
    case '-lt':
      return Number(a) < Number(b);
    case '-le':
      return Number(a) <= Number(b);
    case '-gt':
      return Number(a) > Number(b);
    case '-ge':
      return Number(a) >= Number(b);
    default:
      return false;
  }
}
