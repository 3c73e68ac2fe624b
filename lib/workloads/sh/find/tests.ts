// What find asks of a file, and what it does with one that fits.
import { type Inode, nodeSize, resolvePath } from '../../../machine/index.ts';
import { idOf } from '../../root/users.ts';
import { attempt } from '../commands/command.ts';
import { Refused } from '../commands/getopt.ts';
import { globPattern } from '../commands/pattern.ts';
import type { Io, Shell } from '../shell.ts';

export interface Place {
  path: string;
  inode: Inode;
  io: Io;
  shell: Shell;
  /** What lies below is left out. */
  prune: boolean;
}

const letters: Record<string, Inode['kind']> = { f: 'file', d: 'directory', l: 'link', p: 'fifo', c: 'char', b: 'block', s: 'socket' };
const lastName = (path: string) => path.replace(/\/+$/, '').replace(/.*\//, '');
const day = 86_400_000;

/** `+3`, `-3`, `3` */
function compares(text: string, name: string): (value: number) => boolean {
  const number = Number(/^[-+]?(\d+)$/.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(number)) throw new Refused(`invalid number '${text}' of ${name}`);
  return (value) => (text.startsWith('+') ? value > number : text.startsWith('-') ? value < number : value === number);
}

const sizes: Record<string, number> = { c: 1, k: 1024, b: 512, w: 2, M: 1024 ** 2, G: 1024 ** 3 };

function sizeCheck(text: string): (place: Place) => boolean {
  const unit = /[a-zA-Z]$/.exec(text)?.[0] ?? 'b';
  const fits = compares(text.replace(/[a-zA-Z]$/, ''), '-size');
  return ({ inode }) => fits(Math.ceil(nodeSize(inode) / (sizes[unit] ?? 512)));
}

function modeCheck(text: string): (place: Place) => boolean {
  const wanted = Number.parseInt(text.replace(/^[-+/]/, ''), 8);
  return ({ inode: { mode } }) => (text.startsWith('-') ? (mode & wanted) === wanted : /^[+/]/.test(text) ? (mode & wanted) !== 0 : (mode & 0o7777) === wanted);
}

function ownerCheck(text: string, file: string, key: 'uid' | 'gid'): (place: Place) => boolean {
  return ({ inode, shell }) => inode[key] === (/^\d+$/.test(text) ? Number(text) : idOf(shell.process.files.read(file) ?? '', text));
}

const isEmpty = (inode: Inode) => (inode.kind === 'directory' ? inode.entries.size === 0 : inode.kind === 'file' && nodeSize(inode) === 0);
const age = ({ inode, shell }: Place, unit: number) => Math.floor((shell.process.clock.now - inode.mtime) / unit);
const timeOf = (path: string, { process: { files }, cwd }: Shell) => files.find(resolvePath(path, cwd))?.mtime ?? 0;

/** Tests with one word after them. */
export const withWord: Record<string, (word: string) => (place: Place) => boolean> = {
  '-name': (word) => ({ path }) => globPattern(word).test(lastName(path)),
  '-iname': (word) => ({ path }) => globPattern(word.toLowerCase()).test(lastName(path).toLowerCase()),
  '-path': (word) => ({ path }) => globPattern(word).test(path),
  '-type': (word) => {
    if (!letters[word]) throw new Refused(`invalid argument '${word}' to '-type'`);
    return ({ inode }) => inode.kind === letters[word];
  },
  '-size': sizeCheck,
  '-perm': modeCheck,
  '-user': (word) => ownerCheck(word, '/etc/passwd', 'uid'),
  '-group': (word) => ownerCheck(word, '/etc/group', 'gid'),
  '-mtime': (word) => (place) => compares(word, '-mtime')(age(place, day)),
  '-mmin': (word) => (place) => compares(word, '-mmin')(age(place, 60_000)),
  '-newer': (word) => ({ inode, shell }) => inode.mtime > timeOf(word, shell),
};

function deleted({ path, io, shell }: Place): boolean {
  if (path === '.' || path === '..') return true;
  return attempt(io, (reason) => `find: ${path}: ${reason}`, () => shell.process.files.remove(resolvePath(path, shell.cwd))) === 0;
}

/** Tests and actions that stand alone. */
export const alone: Record<string, (place: Place) => boolean> = {
  '-empty': ({ inode }) => isEmpty(inode),
  '-executable': ({ inode }) => (inode.mode & 0o111) !== 0,
  '-print': ({ path, io }) => (io.out(`${path}\n`), true),
  '-print0': ({ path, io }) => (io.out(`${path}\0`), true),
  '-delete': deleted,
  '-prune': (place) => (place.prune = true),
  '-true': () => true,
  '-false': () => false,
};
