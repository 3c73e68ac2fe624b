// Variables in a Dockerfile: `$NAME`, `${NAME}`, `${NAME:-otherwise}`, `${NAME:+instead}`.

export type Variables = ReadonlyMap<string, string>;

export function expand(text: string, variables: Variables): string {
  return text.replace(/\\\$|\$(\w+)|\$\{(\w+)(?:(:?[-+])([^}]*))?\}/g, (all, plain?: string, name?: string, operator?: string, operand = '') => {
    if (all === '\\$') return '$';
    const value = variables.get((plain ?? name)!) ?? '';
    if (!operator) return value;
    const set = operator.startsWith(':') ? value !== '' : variables.has(name!);
    return operator.endsWith('-') ? (set ? value : operand) : set ? operand : '';
  });
}

/** `A=1 B="two words"`, or the old form `A one value`. */
export function pairs(words: readonly string[], rest: string): [name: string, value: string][] {
  if (!words[0]?.includes('=')) return [[words[0] ?? '', rest.slice(rest.indexOf(words[0] ?? '') + (words[0] ?? '').length).trim()]];
  return words.map((word) => {
    const at = word.indexOf('=');
    return at < 0 ? [word, ''] : [word.slice(0, at), unquoted(word.slice(at + 1))];
  });
}

const unquoted = (text: string) => text.replace(/^"([^]*)"$|^'([^]*)'$/, (_, double?: string, single?: string) => double?.replace(/\\(.)/g, '$1') ?? single ?? '');
