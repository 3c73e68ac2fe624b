import type { Mount } from '../machine/index.ts';
import type { FileSystem } from './program.ts';

const standardDirectories = ['/bin', '/dev', '/etc', '/home', '/opt', '/proc', '/root', '/sys', '/tmp', '/usr', '/usr/share', '/var', '/var/log', '/var/run'];

/** A container's files: what its image and kubelet put there, what it wrote itself, and the mounted volumes. */
export const createFiles = (initial: Iterable<[string, string]>, mounts: readonly Mount[] = []): FileSystem => filesIn(new Map(initial), mounts);

/** The same over files that somebody else holds: those of a machine. */
export function filesIn(own: Map<string, string>, mounts: readonly Mount[] = []): FileSystem {
  const directories = new Set(standardDirectories);
  const mountOf = (path: string) => mounts.find((m) => path === m.path || path.startsWith(`${m.path}/`));

  function* paths(): Iterable<string> {
    yield* own.keys();
    yield* directories;
    for (const mount of mounts) {
      yield mount.path;
      for (const name of mount.files.keys()) yield join(mount.path, name);
    }
  }

  function list(path: string): string[] | undefined {
    const prefix = path === '/' ? '/' : `${path}/`;
    const names = new Set<string>();
    for (const candidate of paths()) {
      if (candidate.startsWith(prefix) && candidate !== prefix) names.add(candidate.slice(prefix.length).split('/', 1)[0]!);
    }
    return names.size > 0 || isDirectory(path) ? [...names].sort() : undefined;
  }

  function isDirectory(path: string): boolean {
    if (path === '/' || directories.has(path)) return true;
    const prefix = `${path}/`;
    for (const candidate of paths()) if (candidate.startsWith(prefix) || (candidate === path && !read(path))) return read(path) === undefined;
    return false;
  }

  function read(path: string): string | undefined {
    const mount = mountOf(path);
    return mount ? mount.files.get(path.slice(mount.path.length + 1)) : own.get(path);
  }

  return {
    read,
    list,
    isDirectory,
    write(path, content) {
      const mount = mountOf(path);
      if (mount?.readOnly) return false;
      if (mount) mount.files.set(path.slice(mount.path.length + 1), content);
      else own.set(path, content);
      return true;
    },
    remove(path) {
      const mount = mountOf(path);
      if (mount?.readOnly) return false;
      return mount ? mount.files.delete(path.slice(mount.path.length + 1)) : own.delete(path) || directories.delete(path);
    },
    makeDirectory: (path) => void directories.add(path),
  };
}

const join = (directory: string, name: string) => (directory === '/' ? `/${name}` : `${directory}/${name}`);

/** An absolute path without `.`, `..` and double slashes. */
export function resolvePath(path: string, workingDirectory = '/'): string {
  const out: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${workingDirectory}/${path}`).split('/')) {
    if (part === '..') out.pop();
    else if (part && part !== '.') out.push(part);
  }
  return `/${out.join('/')}`;
}
