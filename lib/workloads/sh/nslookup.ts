// nslookup, as busybox 1.29 and later prints it.
import { type DnsQuestion, type DnsRecord, hostPort } from '../../machine/index.ts';
import { addressTypes } from '../resolver.ts';
import { reverseName } from './reverse-name.ts';
import type { Io, Running$, Shell } from './shell.ts';

/** What it waits for a name server that does not answer, in milliseconds. */
const patience = 10_000;
const types: readonly string[] = ['A', 'AAAA', 'CNAME', 'SRV', 'PTR', 'TXT'];

export function* nslookup(argv: readonly string[], io: Io, shell: Shell): Running$ {
  const words = argv.slice(1);
  const [host = '', server] = words.filter((word) => !word.startsWith('-'));
  const wanted = words.map((word) => /^-(?:query)?type=(\w+)$/.exec(word)?.[1]?.toUpperCase()).find(Boolean);
  const reverse = reverseName(host);
  const { process } = shell;
  const asked = wanted && types.includes(wanted) ? [wanted as DnsQuestion['type']] : reverse ? ['PTR' as const] : addressTypes(process.ips);
  const name = reverse ? `${reverse}.` : host;
  const [type = 'A', ...more] = asked;
  // It asks name servers only, whatever /etc/hosts says.
  const found = process.query({ name, type }, server);
  if (!found.answer) {
    yield patience;
    io.out(';; connection timed out; no servers could be reached\n\n');
    return 1;
  }
  io.out(`Server:\t\t${found.server}\nAddress:\t${hostPort(found.server, 53)}\n\n`);
  const { records, rcode } = found.answer;
  if (records.length === 0 && rcode !== 'NOERROR') {
    io.out(`** server can't find ${found.name}: ${rcode}\n\n`);
    return 1;
  }
  for (const answer of [found, ...more.map((next) => process.query({ name, type: next }, server))]) {
    const told = answer.answer?.records ?? [];
    if (told.length === 0) io.out(`*** Can't find ${answer.name}: No answer\n`);
    for (const record of told) io.out(recordText(record));
    io.out('\n');
  }
  return 0;
}

function recordText({ name, type, data }: DnsRecord): string {
  switch (type) {
    case 'CNAME':
      return `${name}\tcanonical name = ${data}\n`;
    case 'PTR':
      return `${name}\tname = ${data.replace(/\.$/, '')}\n`;
    case 'SRV':
      return `${name}\tservice = ${data.replace(/\.$/, '')}\n`;
    case 'TXT':
      return `${name}\ttext = "${data}"\n`;
    default:
      return `Name:\t${name}\nAddress: ${data}\n`;
  }
}
