// Whether a command reads its standard input. A real process just starts; ours has its input before it does.

/** Filters, and how many of their arguments are no files. */
const filters: Record<string, number> = { cat: 0, wc: 0, sort: 0, uniq: 0, head: 0, tail: 0, cut: 0, base64: 0, md5sum: 0, hexdump: 0, grep: 1, sed: 1, awk: 1, tee: Infinity, tr: Infinity, xargs: Infinity, read: Infinity, nc: Infinity };
const anyFilter = new RegExp(`\\b(${Object.keys(filters).join('|')})\\b`);

/**
 * Differs from Kubernetes: of a script it is guessed from the words in it, and not with a terminal, where somebody would
 * have to press Ctrl-D.
 */
export function readsInput([path = '', ...args]: readonly string[], tty: boolean): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^(sh|bash|ash|dash)$/.test(name)) return !tty && anyFilter.test(args.join(' '));
  if (name === 'tar') return /^-?\w*x/.test(args[0] ?? '') && args.includes('-');
  const patterns = filters[name];
  if (patterns === undefined) return false;
  const files = args.filter((word) => !/^-|^\d+$/.test(word)).length - patterns;
  return files <= 0;
}
