/** `--name=value` → value, by name. */
export const flagsOf = (argv: readonly string[]): Map<string, string> => new Map(argv.flatMap((word): [string, string][] => {
  const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  return name === undefined ? [] : [[name, value ?? 'true']];
}));
