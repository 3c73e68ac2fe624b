// The flags of etcdctl v3, as cobra reads them.
import { Failure } from './failure.ts';

type Kind = 'bool' | 'text';
const globals: Record<string, Kind> = {
  cacert: 'text', cert: 'text', key: 'text', endpoints: 'text', 'write-out': 'text', 'command-timeout': 'text', 'dial-timeout': 'text', user: 'text', password: 'text',
  'insecure-skip-tls-verify': 'bool', 'insecure-transport': 'bool', debug: 'bool', hex: 'bool', help: 'bool', 'keepalive-time': 'text', 'keepalive-timeout': 'text',
};
const own: Record<string, Record<string, Kind>> = {
  get: { prefix: 'bool', 'keys-only': 'bool', 'count-only': 'bool', 'print-value-only': 'bool', 'from-key': 'bool', limit: 'text', rev: 'text', consistency: 'text', order: 'text', 'sort-by': 'text' },
  del: { prefix: 'bool', 'from-key': 'bool', 'prev-kv': 'bool' },
  put: { lease: 'text', 'prev-kv': 'bool' },
  watch: { prefix: 'bool', rev: 'text', 'prev-kv': 'bool' },
  endpoint: { cluster: 'bool' },
  member: { 'peer-urls': 'text', learner: 'bool' },
};
const shorthands: Record<string, string> = { w: 'write-out', h: 'help' };

export interface Parsed {
  /** `get`, `endpoint status` … */
  words: string[];
  flags: Map<string, string>;
}

/** Words and flags in any order. `without` names flags that this release does not know. */
export function parseFlags(argv: readonly string[], without: readonly string[]): Parsed {
  const words: string[] = [];
  const flags = new Map<string, string>();
  const kinds = (name: string) => (without.includes(name) ? undefined : (globals[name] ?? own[words[0] ?? '']?.[name]));
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === '--') return { words: [...words, ...argv.slice(i + 1)], flags };
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    const { name, given } = word.startsWith('--') ? long(word) : short(word);
    const kind = kinds(name);
    if (!kind) throw new Failure(1, `unknown flag: --${name}`);
    if (kind === 'text' && given === undefined && i + 1 >= argv.length) throw new Failure(1, `flag needs an argument: --${name}`);
    flags.set(name, given ?? (kind === 'bool' ? 'true' : argv[++i]!));
  }
  return { words, flags };
}

function long(word: string): { name: string; given?: string | undefined } {
  const [, name = '', given] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  return { name, given };
}

function short(word: string): { name: string; given?: string | undefined } {
  const name = shorthands[word[1]!];
  // What was meant as --keys-only: one dash begins single letters.
  if (!name) throw new Failure(1, `unknown shorthand flag: '${word[1]}' in ${word}`);
  return { name, given: word.length > 2 ? word.slice(2).replace(/^=/, '') : undefined };
}
