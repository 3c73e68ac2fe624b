/** An absolute path without `.`, `..` and double slashes. */
export function resolvePath(path: string, workingDirectory = '/'): string {
  const out: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${workingDirectory}/${path}`).split('/')) {
    if (part === '..') out.pop();
    else if (part && part !== '.') out.push(part);
  }
  return `/${out.join('/')}`;
}

export const joinPath = (directory: string, name: string): string => (directory === '/' ? `/${name}` : `${directory}/${name}`);

/** `/a/b/c` → `/a/b`, `c` */
export function splitPath(path: string): [directory: string, name: string] {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, slash) || '/', path.slice(slash + 1)];
}
