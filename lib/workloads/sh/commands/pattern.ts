/** A shell's pattern (`*`, `?`, `[a-z]`) as an expression over whole names. */
export function globPattern(pattern: string): RegExp {
  const source = pattern.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.').replaceAll('[!', '[^');
  return new RegExp(`^${source}$`, 's');
}
