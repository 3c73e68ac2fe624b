// iptables, for changing rules by hand: what lies in a table is asked about the next packet.
import type { HostNetwork } from '../host-network.ts';
import type { Family } from '../kube-proxy/types.ts';
import type { TableName } from '../netfilter/chain.ts';
import { parseRule, RuleError } from '../netfilter/parse.ts';
import { builtIn } from '../netfilter/restore-text.ts';
import { ruleText } from '../netfilter/save.ts';
import type { Tables } from '../netfilter/tables.ts';
import type { CommandResult } from './iptables.ts';

const letters: Readonly<Record<string, string>> = { '--append': '-A', '--insert': '-I', '--delete': '-D', '--replace': '-R', '--check': '-C', '--flush': '-F', '--policy': '-P', '--new-chain': '-N', '--new': '-N', '--delete-chain': '-X' };
const verbs: readonly string[] = Object.values(letters);

export interface Edit {
  table: TableName;
  verb: string;
  /** What stands behind the verb. */
  words: string[];
}

/** Undefined when nothing is to be changed. */
export function editOf(args: readonly string[]): Edit | undefined {
  let table = 'filter';
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '-t' || word === '--table') table = args[++i] ?? '';
    // `-w`: waits for whoever changes something at the moment, which is nobody.
    else if (word !== '-w' && word !== '--wait') rest.push(letters[word] ?? word);
  }
  const at = rest.findIndex((word) => verbs.includes(word));
  if (at < 0 || !(table in builtIn)) return undefined;
  return { table: table as TableName, verb: rest[at]!, words: [...rest.slice(at + 1), ...rest.slice(0, at)] };
}

/** `-p tcp --dport 80` means `-p tcp -m tcp --dport 80`. */
function withMatches(words: readonly string[]): string[] {
  const protocol = words[words.findIndex((word) => word === '-p' || word === '--protocol') + 1];
  const out: string[] = [];
  for (const word of words) {
    const port = /^--(d|s|destination-|source-)port$/.exec(word);
    if (port && protocol && ['tcp', 'udp', 'sctp'].includes(protocol) && !out.some((one, i) => one === '-m' && out[i + 1] === protocol)) {
      const not = out.at(-1) === '!' ? out.splice(-1) : [];
      out.push('-m', protocol, ...not);
    }
    out.push(port ? `--${port[1]![0]}port` : word);
  }
  return out;
}

class Refused extends Error {
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

export function edit(host: HostNetwork, { table, verb, words }: Edit, family: Family): CommandResult {
  const tables = host.tablesIn(family).tables;
  try {
    change(tables, { table, verb, words }, family);
  } catch (error) {
    const tool = family === 'IPv6' ? 'ip6tables' : 'iptables';
    if (error instanceof RuleError) return { err: `${tool} v1.8.9 (nf_tables): ${error.message}\nTry \`${tool} -h' or '${tool} --help' for more information.\n`, code: 2 };
    if (error instanceof Refused) return { err: `${tool}${error.code === 1 ? '' : ' v1.8.9 (nf_tables)'}: ${error.message}\n`, code: error.code };
    throw error;
  }
  tables.changes++;
  host.guard();
  return {};
}

/** Differs from iptables: whose rules jump to a chain that goes is not asked. */
function change(tables: Tables, { table, verb, words }: Edit, family: Family): void {
  const [name = '', ...spec] = words;
  const chain = tables.chain(table, name);
  if (verb === '-F' && name === '') return tables.chains(table).forEach((one) => one.clear());
  if (verb === '-N') {
    if (chain) throw new Refused('Chain already exists.', 1);
    return tables.ensureChain(table, name);
  }
  if (!chain) throw new Refused('No chain/target/match by that name.', 1);
  switch (verb) {
    case '-F':
      return chain.clear();
    case '-X':
      if (chain.policy) throw new Refused('Operation not supported', 4);
      return tables.setChain(table, name, undefined);
    case '-P':
      if (!chain.policy) throw new Refused('Bad built-in chain name.', 1);
      if (spec[0] !== 'ACCEPT' && spec[0] !== 'DROP') throw new Refused('Bad policy name. Run `dmesg\' for more information.', 1);
      return void (chain.policy = spec[0]);
    default:
      return changeRules(tables, { table, verb, words }, family);
  }
}

function changeRules(tables: Tables, { table, verb, words: [name = '', ...given] }: Edit, family: Family): void {
  const chain = tables.chain(table, name)!;
  const numbered = verb !== '-A' && verb !== '-C' && /^\d+$/.test(given[0] ?? '');
  const number = numbered ? Number(given[0]) : 1;
  const spec = withMatches(numbered ? given.slice(1) : given);
  if (verb === '-D' && numbered) {
    if (number < 1 || number > chain.rules.length) throw new Refused('Index of deletion too big.', 1);
    return chain.edit(number - 1, { takes: 1 });
  }
  const rule = parseRule(spec, family);
  const { target } = rule;
  if ((target.kind === 'jump' || target.kind === 'goto') && !tables.chain(table, target.chain)) throw new Refused(`Chain '${target.chain}' does not exist`, 2);
  const text = ruleText(rule, family);
  const line = `-A ${name} ${text}`;
  if (verb === '-A') return chain.edit(chain.rules.length, { line });
  if (verb === '-D' || verb === '-C') {
    const at = chain.rules.findIndex((one) => ruleText(one, family) === text);
    if (at < 0) throw new Refused('Bad rule (does a matching rule exist in that chain?).', 1);
    return verb === '-D' ? chain.edit(at, { takes: 1 }) : undefined;
  }
  if (number < 1 || number > chain.rules.length + (verb === '-I' ? 1 : 0)) throw new Refused(`Index of ${verb === '-I' ? 'insertion' : 'replacement'} too big.`, 1);
  chain.edit(number - 1, { line, takes: verb === '-R' ? 1 : 0 });
}
