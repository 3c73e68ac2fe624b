// Command lines of a unit: no shell reads them. Quotes, variables and a few prefixes are all that systemd knows.

export interface CommandLine {
  argv: readonly string[];
  /** `-`: a failure counts as a success. */
  ignoreFailure: boolean;
}

/** Adds what an `Exec…=` says to the list; an empty value clears it. Undefined, or what is wrong. */
export function commandLines(value: string, into: CommandLine[]): string | undefined {
  if (value === '') return void into.splice(0);
  const [, prefix = '', rest = ''] = /^([-@:+!]*)\s*(.*)$/s.exec(value) ?? [];
  const argv = split(rest);
  if (!argv) return `Unbalanced quoting, ignoring: "${value}"`;
  for (const one of bySemicolon(argv)) into.push({ argv: one, ignoreFailure: prefix.includes('-') });
  return undefined;
}

/** `a ; b` are two commands; `\;` is a word. */
function bySemicolon(words: readonly string[]): string[][] {
  const all: string[][] = [[]];
  for (const word of words) {
    if (word === ';') all.push([]);
    else all.at(-1)!.push(word === '\\;' ? ';' : word);
  }
  return all.filter((argv) => argv.length > 0);
}

function split(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if ((letter === '"' || letter === "'") && word === undefined) {
      const end = text.indexOf(letter, i + 1);
      if (end < 0) return undefined;
      word = text.slice(i + 1, end);
      i = end;
    } else word = (word ?? '') + letter;
  }
  return word === undefined ? words : [...words, word];
}

/** `$FLAGS` as a word of its own becomes its words, `${NAME}` its value; `%n`, `%N` and `%H` stand for names. */
export function expandArguments(argv: readonly string[], { environment, unit, hostname }: { environment: Readonly<Record<string, string>>; unit: string; hostname: string }): string[] {
  const specifiers: Readonly<Record<string, string>> = { '%n': unit, '%N': unit.replace(/\.service$/, ''), '%p': unit.replace(/\.service$/, ''), '%H': hostname, '%%': '%' };
  return argv.flatMap((word) => {
    const named = word.replace(/%[nNpH%]/g, (which) => specifiers[which]!);
    const whole = /^\$(\w+)$/.exec(named);
    if (whole) return (environment[whole[1]!] ?? '').split(/\s+/).filter(Boolean);
    return [named.replace(/\$\{(\w+)\}/g, (_, name: string) => environment[name] ?? '').replaceAll('$$', '$')];
  });
}
