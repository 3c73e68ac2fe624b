// Paths that a pattern stands for: `*` and `?` in any of its parts, `{a,b}`.
import { type FileView, joinPath } from '../../../machine/index.ts';

export function glob(files: FileView, pattern: string): string[] {
  const found = alternatives(pattern).flatMap((one) => expand(files, one));
  return [...new Set(found)].sort();
}

function alternatives(pattern: string): string[] {
  const group = /\{([^{}]*)\}/.exec(pattern);
  return group ? group[1]!.split(',').flatMap((one) => alternatives(pattern.slice(0, group.index) + one + pattern.slice(group.index + group[0].length))) : [pattern];
}

function expand(files: FileView, pattern: string): string[] {
  let folders = ['/'];
  const parts = pattern.split('/').filter(Boolean);
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    folders = folders.flatMap((folder) => {
      if (!/[*?]/.test(part)) return files.findLink(joinPath(folder, part)) ? [joinPath(folder, part)] : [];
      const own = nameOf(part);
      return names(files, folder).filter((name) => own.test(name)).map((name) => joinPath(folder, name));
    });
    if (!last) folders = folders.filter((folder) => files.isDirectory(folder));
  }
  return folders;
}

const nameOf = (part: string) => new RegExp(`^${part.replace(/[.+^$()|[\]\\{}]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`);

function names(files: FileView, folder: string): string[] {
  try {
    return files.list(folder).filter((name) => !name.startsWith('.'));
  } catch {
    return []; // nobody may look into it
  }
}
