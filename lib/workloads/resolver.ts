// How a program finds the address of a name: /etc/hosts first, then the name servers of /etc/resolv.conf, as the C library does.
import type { Dial, DnsAnswer, DnsQuestion } from '../machine/index.ts';
import type { Random } from '../sim/index.ts';

export interface ResolverFiles {
  read(path: string): string | undefined;
}

export type Ask = (question: DnsQuestion, server: string) => DnsAnswer | undefined;

export interface ResolverConfig {
  servers: string[];
  search: string[];
  ndots: number;
}

export interface Resolution {
  /** The name that had an answer; the last that was asked for when none had. */
  name: string;
  addresses: string[];
  /** Undefined: no name server answered. */
  answer: DnsAnswer | undefined;
  server: string;
}

/** `nameserver`, `search` and `options ndots:n`; of several `search` lines the last counts. */
export function parseResolverConfig(text: string): ResolverConfig {
  const config: ResolverConfig = { servers: [], search: [], ndots: 1 };
  for (const line of text.split('\n')) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === 'nameserver' && rest[0]) config.servers.push(rest[0]);
    else if (word === 'search') config.search = rest;
    else if (word === 'options') for (const option of rest) if (option.startsWith('ndots:')) config.ndots = Math.min(15, Number(option.slice(6)) || 0);
  }
  return config;
}

/** Names with fewer dots than `ndots` are tried below each search domain first. A dot at the end says that the name is whole. */
export function candidateNames(name: string, { search, ndots }: ResolverConfig): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const below = search.map((domain) => `${name}.${domain}`);
  return name.split('.').length - 1 >= ndots ? [name, ...below] : [...below, name];
}

/** The lines of /etc/hosts that name it, of one family. */
function hostsEntry(text: string, name: string, type: AddressType): string[] {
  return text.split('\n').flatMap((line) => {
    const [ip = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return names.includes(name) && ip.includes(':') === (type === 'AAAA') ? [ip] : [];
  });
}

export type AddressType = 'A' | 'AAAA';

/** What somebody with these addresses asks for. IPv4 comes first: RFC 6724 puts unique local addresses behind it. */
export function addressTypes(ips: readonly string[], family?: 4 | 6): AddressType[] {
  const own: AddressType[] = [...(ips.some((ip) => !ip.includes(':')) ? ['A' as const] : []), ...(ips.some((ip) => ip.includes(':')) ? ['AAAA' as const] : [])];
  return family === undefined ? own : [family === 6 ? 'AAAA' : 'A'];
}

/**
 * As the C libraries do it: every name of the search path is asked for with all types, A before AAAA, and only then the next
 * name. Differs from glibc and musl: they ask for AAAA even where nobody has such an address.
 */
export function resolveName(name: string, files: ResolverFiles, ask: Ask, types: readonly AddressType[] = ['A']): Resolution {
  const config = parseResolverConfig(files.read('/etc/resolv.conf') ?? '');
  const [server = ''] = config.servers;
  const hosts = files.read('/etc/hosts') ?? '';
  const known = types.map((type) => hostsEntry(hosts, name, type)).find((ips) => ips.length > 0);
  if (known) return { name, addresses: known.slice(0, 1), answer: undefined, server };
  let last: Resolution = { name, addresses: [], answer: undefined, server };
  let noData: Resolution | undefined;
  for (const candidate of candidateNames(name, config)) {
    const answers = types.map((type) => lookUp({ name: `${candidate}.`, type }, config, ask));
    const found = answers.find(({ addresses }) => addresses.length > 0) ?? answers.find(({ answer }) => answer && answer.records.length > 0);
    if (found) return found;
    last = answers[0]!;
    if (!last.answer) return last;
    if (last.answer.rcode === 'NOERROR') noData ??= last;
  }
  return noData ?? { ...last, name: name.replace(/\.$/, '') };
}

/** The search path, name by name, until one has an answer. */
export function lookUp({ name, type }: DnsQuestion, config: ResolverConfig, ask: Ask): Resolution {
  let last: Resolution = { name: name.replace(/\.$/, ''), addresses: [], answer: undefined, server: config.servers[0] ?? '' };
  let noData: Resolution | undefined;
  for (const candidate of candidateNames(name, config)) {
    for (const server of config.servers) {
      const answer = ask({ name: candidate, type }, server);
      last = { name: candidate, addresses: [], answer, server };
      if (!answer) continue;
      const addresses = answer.records.filter((record) => record.type === 'A' || record.type === 'AAAA').map(({ data }) => data);
      if (answer.records.length > 0) return { ...last, addresses };
      if (answer.rcode === 'NOERROR') noData ??= last;
      break;
    }
    // Whoever does not answer for one name does not answer for the next.
    if (!last.answer) return last;
  }
  return noData ?? { ...last, name: name.replace(/\.$/, '') };
}

const isAddress = (text: string) => text.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(text);

/** Connects to a name or an address. Of several addresses one is drawn: name servers answer in turn. */
export function dialByName(host: string, port: number, { resolve, dial, random, family }: { resolve(name: string, family?: 4 | 6): Resolution; dial(ip: string): Dial; random: Random; family?: 4 | 6 | undefined }): Dial {
  if (host === 'localhost') return dial(family === 6 ? '::1' : host);
  const literal = isAddress(host);
  if (literal && (family === undefined || host.includes(':') === (family === 6))) return dial(host);
  const { addresses } = literal ? { addresses: [] } : resolve(host, family);
  if (addresses.length === 0) return { ip: '', port, error: 'no-such-host' };
  return dial(addresses.length === 1 ? addresses[0]! : random.pick(addresses));
}
