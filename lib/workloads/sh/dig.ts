// dig, as BIND 9.16 prints it: the whole answer, section by section.
import type { DnsAnswer, DnsQuestion, DnsRecord } from '../../machine/index.ts';
import { reverseName } from './reverse-name.ts';
import type { Io, Running$, Shell } from './shell.ts';

/** Three tries of five seconds, in milliseconds. */
const patience = 15_000;
const types: readonly string[] = ['A', 'AAAA', 'CNAME', 'SRV', 'PTR', 'TXT'];
const sections = ['cmd', 'comments', 'question', 'answer', 'stats'];

interface Asked extends DnsQuestion {
  server: string | undefined;
  /** `+name` and `+noname`; the last counts, `+noall` is about all sections before it. */
  shows: ReadonlySet<string>;
}

function parsed(words: readonly string[]): Asked {
  const shows = new Set(sections);
  let [name, type, server, reverse] = ['.', 'A' as DnsQuestion['type'], undefined as string | undefined, false];
  for (const word of words) {
    if (word.startsWith('@')) server = word.slice(1);
    else if (word === '-x') reverse = true;
    else if (word.startsWith('+')) {
      const [, no, option = ''] = /^\+(no)?(\w*)/.exec(word) ?? [];
      for (const one of option === 'all' ? sections : [option]) no ? shows.delete(one) : shows.add(one);
    } else if (types.includes(word.toUpperCase())) type = word.toUpperCase() as DnsQuestion['type'];
    else if (!/^(-|IN$)/i.test(word)) name = word;
  }
  if (reverse) return { name: `${reverseName(name) ?? name}.`, type: 'PTR', server, shows };
  // Without +search a name is taken as it is.
  return { name: shows.has('search') || name.endsWith('.') ? name : `${name}.`, type, server, shows };
}

export function* dig(argv: readonly string[], io: Io, shell: Shell): Running$ {
  const { server, shows, ...question } = parsed(argv.slice(1));
  const found = shell.process.query(question, server);
  const short = shows.has('short');
  if (!short && shows.has('cmd')) io.out(`\n; <<>> DiG 9.16.27 <<>> ${argv.slice(1).join(' ')}\n;; global options: +cmd\n`);
  if (!found.answer) {
    yield patience;
    io.out(';; connection timed out; no servers could be reached\n\n');
    return 9;
  }
  if (short) for (const record of found.answer.records) io.out(`${dataOf(record)}\n`);
  else io.out(sectionsOf(found.answer, { ...question, name: absolute(found.name) }, { shows, server: found.server, id: shell.process.random.int(65_536), now: shell.process.clock.now }));
  return 0;
}

const absolute = (name: string) => (name.endsWith('.') ? name : `${name}.`);

function sectionsOf({ records, rcode }: DnsAnswer, { name, type }: DnsQuestion, { shows, server, id, now }: { shows: ReadonlySet<string>; server: string; id: number; now: number }): string {
  const parts: string[] = [];
  const heading = (text: string) => (shows.has('comments') ? `;; ${text} SECTION:\n` : '');
  if (shows.has('comments')) parts.push(`;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: ${rcode}, id: ${id}\n;; flags: qr aa rd; QUERY: 1, ANSWER: ${records.length}, AUTHORITY: 0, ADDITIONAL: 0\n\n`);
  if (shows.has('question')) parts.push(`${heading('QUESTION')};${name}\t\t\tIN\t${type}\n\n`);
  if (shows.has('answer') && records.length > 0) parts.push(`${heading('ANSWER')}${records.map(line).join('')}${shows.has('comments') || shows.has('stats') ? '\n' : ''}`);
  if (shows.has('stats')) parts.push(`;; Query time: 0 msec\n;; SERVER: ${server}#53(${server})\n;; WHEN: ${when(now)}\n\n`);
  return parts.join('');
}

/** Names in an answer end with a dot. */
function dataOf({ type, data }: DnsRecord): string {
  if (type === 'TXT') return JSON.stringify(data);
  return ['CNAME', 'PTR', 'SRV'].includes(type) ? absolute(data) : data;
}

const line = (record: DnsRecord) => `${absolute(record.name)}\t${record.ttl}\tIN\t${record.type}\t${dataOf(record)}\n`;

/** `Thu Jan 01 00:00:00 UTC 2026` */
function when(now: number): string {
  const [, weekday, day, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(now).toUTCString())!;
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}
