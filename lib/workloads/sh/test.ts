import { resolvePath } from '../files.ts';
import type { FileSystem } from '../program.ts';

export const isTest = (name: string): boolean => name === '[' || name === 'test' || name === '[[';

/** `[ … ]`: 0 true, 1 false, 2 malformed. */
export function test(argv: readonly string[], files: FileSystem, cwd: string): number {
  const words = argv.slice(1);
  if (argv[0] !== 'test') words.pop();
  const or = words.lastIndexOf('-o');
  if (or > 0) return Math.min(test(['test', ...words.slice(0, or)], files, cwd), test(['test', ...words.slice(or + 1)], files, cwd));
  const and = words.lastIndexOf('-a');
  if (and > 0) return Math.max(test(['test', ...words.slice(0, and)], files, cwd), test(['test', ...words.slice(and + 1)], files, cwd));
  if (words[0] === '!') return test(['test', ...words.slice(1)], files, cwd) === 0 ? 1 : 0;
  return holds(words, files, cwd) ? 0 : 1;
}

function holds(words: readonly string[], files: FileSystem, cwd: string): boolean {
  if (words.length === 0) return false;
  if (words.length === 1) return words[0] !== '';
  const [a = '', operator = '', b = ''] = words;
  if (words.length === 2) {
    const path = resolvePath(operator, cwd);
    switch (a) {
      case '-z':
        return operator === '';
      case '-n':
        return operator !== '';
      case '-d':
        return files.isDirectory(path);
      case '-s':
        return (files.read(path) ?? '') !== '';
      case '-e':
        return files.read(path) !== undefined || files.isDirectory(path);
      default:
        return files.read(path) !== undefined;
    }
  }
  switch (operator) {
    case '=':
    case '==':
      return a === b;
    case '!=':
      return a !== b;
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
