// KEY=VALUE and KEY- on a command line, after the objects that they are for.
import { CommandError } from './errors.ts';

const isPair = (word: string) => /^[^=]+=/.test(word) || (word.endsWith('-') && word !== '-');

/** Parts `pod web-1 a=b c-` into what is meant and what is to be changed. */
export function splitPairs(args: readonly string[], what: string): { resources: string[]; pairs: string[] } {
  const from = args.findIndex(isPair);
  if (from < 0) return { resources: [...args], pairs: [] };
  const pairs = args.slice(from);
  const late = pairs.find((word) => !isPair(word));
  if (late !== undefined) throw new CommandError(`all resources must be specified before ${what} changes: ${late}`);
  return { resources: args.slice(0, from), pairs };
}

/** Labels of one string, as `run`, `expose` and others take them. */
export function labelsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.flatMap((text) => text.split(',')).map((text) => {
      const parts = text.split('=');
      if (parts.length !== 2) throw new CommandError(`unexpected label spec: ${text}`);
      if (!parts[0]) throw new CommandError('unexpected empty label key');
      return parts as [string, string];
    }),
  );
}

