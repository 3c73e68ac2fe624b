/** `--name=value`, `--name value`, `--flag` and short `-t 5` of a Go program's command line. */
export function flag(argv: readonly string[], ...names: string[]): string | undefined {
  for (const [i, word] of argv.entries()) {
    for (const name of names) {
      if (word === name) return argv[i + 1] ?? '';
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  }
  return undefined;
}

/** The query of a path as Go's FormValue reads it. */
export function query(path: string): (name: string) => string {
  const values = new Map<string, string>();
  for (const pair of (/\?(.*)$/.exec(path)?.[1] ?? '').split('&')) {
    const [name = '', value = ''] = pair.split(/=(.*)/s).map((text) => decodeURIComponent(text.replaceAll('+', ' ')));
    if (!values.has(name)) values.set(name, value);
  }
  return (name) => values.get(name) ?? '';
}

/** `1m30s` in milliseconds; undefined for what Go does not take as a duration. */
export function goMilliseconds(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$|^0$/.test(text)) return undefined;
  const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0);
}

/** `2026/01/01 00:00:00 `: what Go's logger puts before a line. */
export const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')} `;
