// A Corefile: which server answers for which zone, and what its plugins say of a name.
// Differs from CoreDNS: `hosts`, `kubernetes` and `forward` answer, of other plugins nothing comes; a changed file counts at once.
import type { DnsAnswer, DnsQuestion, DnsRecord } from './network.ts';

interface Plugin {
  name: string;
  args: readonly string[];
  lines: readonly (readonly string[])[];
}

export interface ServerBlock {
  /** `.`, `corp.example`; in lower case, without the port and the dot at the end. */
  zones: readonly string[];
  plugins: readonly Plugin[];
}

const wordsOf = (line: string): string[] => line.replace(/(^|\s)#.*/, '').split(/\s+/).filter(Boolean);
/** `dns://corp.example.:53` */
const zoneOf = (key: string) => key.toLowerCase().replace(/^dns:\/\//, '').replace(/:\d+$/, '').replace(/(?<=.)\.$/, '') || '.';

export function parseCorefile(text: string): ServerBlock[] {
  const blocks: { zones: string[]; plugins: { name: string; args: string[]; lines: string[][] }[] }[] = [];
  let depth = 0;
  for (const words of text.split('\n').map(wordsOf)) {
    if (words.length === 0) continue;
    if (words[0] === '}') {
      depth--;
      continue;
    }
    const opens = words.at(-1) === '{';
    const said = opens ? words.slice(0, -1) : words;
    const block = blocks.at(-1);
    if (depth === 0) blocks.push({ zones: said.map(zoneOf), plugins: [] });
    else if (depth === 1) block!.plugins.push({ name: said[0]!, args: said.slice(1), lines: [] });
    else block!.plugins.at(-1)!.lines.push(said);
    if (opens) depth++;
  }
  return blocks;
}

const within = (name: string, zone: string) => zone === '.' || name === zone || name.endsWith(`.${zone}`);

export interface Sources {
  /** What the plugin kubernetes knows; undefined where the name is in none of its zones. */
  kubernetes?(question: DnsQuestion): DnsAnswer | undefined;
  /** Asks another server; undefined when it does not answer. `/etc/resolv.conf`: whom the machine asks. */
  ask(question: DnsQuestion, server: string): DnsAnswer | undefined;
}

/** `name` is in lower case, without a dot at its end. The server of the longest zone answers, its plugins in CoreDNS' own order. */
export function answerByCorefile(blocks: readonly ServerBlock[], question: DnsQuestion, sources: Sources): DnsAnswer {
  const zonesOf = ({ zones }: ServerBlock) => zones.filter((zone) => within(question.name, zone)).map((zone) => (zone === '.' ? 0 : zone.length));
  const [block] = blocks.filter((one) => zonesOf(one).length > 0).sort((a, b) => Math.max(...zonesOf(b)) - Math.max(...zonesOf(a)));
  if (!block) return { rcode: 'REFUSED', records: [] };
  const plugins = (name: string) => block.plugins.filter((plugin) => plugin.name === name);
  for (const plugin of plugins('hosts')) {
    const known = fromHosts(plugin, question);
    if (known) return known;
  }
  const ours = plugins('kubernetes').length > 0 ? sources.kubernetes?.(question) : undefined;
  if (ours) return ours;
  const forward = plugins('forward').find(({ args }) => within(question.name, zoneOf(args[0] ?? '.')));
  for (const server of forward?.args.slice(1) ?? []) {
    const answer = sources.ask(question, server.replace(/^dns:\/\//, '').replace(/^([\d.]+):\d+$/, '$1'));
    if (answer) return answer;
  }
  return { rcode: 'SERVFAIL', records: [] };
}

/** Entries as in /etc/hosts. Undefined: `fallthrough`, so that the next plugin is asked. */
function fromHosts({ lines }: Plugin, { name, type }: DnsQuestion): DnsAnswer | undefined {
  const ttl = Number(lines.find(([word]) => word === 'ttl')?.[1] ?? 3600);
  const ips = lines.flatMap(([ip = '', ...names]) => (/^[\d.]+$|:/.test(ip) && names.some((one) => one.toLowerCase() === name) ? [ip] : []));
  if (ips.length > 0) return { rcode: 'NOERROR', records: ips.filter((ip) => type === (ip.includes(':') ? 'AAAA' : 'A')).map((data) => ({ name, type, ttl, data })) };
  return lines.some(([word]) => word === 'fallthrough') ? undefined : { rcode: 'NXDOMAIN', records: [] };
}

/** The port that a plugin listens on: `prometheus :9153`; undefined when no server has it. */
export function portOf(blocks: readonly ServerBlock[], name: string, usual: number): number | undefined {
  const found = pluginOf(blocks, name);
  return found && Number(/:(\d+)$/.exec(found.args[0] ?? '')?.[1] ?? usual);
}

export const pluginOf = (blocks: readonly ServerBlock[], name: string): Plugin | undefined => blocks.flatMap(({ plugins }) => plugins).find((plugin) => plugin.name === name);

/** As many names may stand for another in one answer. */
const longestChain = 8;

/** Looks an alias up under the name that it stands for; the answer holds the whole chain. */
export function followAliases({ name, type }: DnsQuestion, ask: (question: DnsQuestion) => DnsAnswer): DnsAnswer {
  let asked = name.toLowerCase().replace(/\.$/, '');
  const chain: DnsRecord[] = [];
  for (let left = longestChain; left > 0; left--) {
    const one = ask({ name: asked, type });
    const [alias] = one.records;
    if (alias?.type !== 'CNAME' || type === 'CNAME') return { ...one, records: [...chain, ...one.records], ...(chain.length > 0 && { rcode: 'NOERROR' as const }) };
    chain.push(alias);
    asked = alias.data.replace(/\.$/, '').toLowerCase();
  }
  return { rcode: 'SERVFAIL', records: [] };
}
