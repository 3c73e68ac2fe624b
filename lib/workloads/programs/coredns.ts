import { answerByCorefile, type DnsAnswer, type DnsQuestion, type HttpResponse, parseCorefile, resolvePath } from '../../machine/index.ts';
import type { Program } from '../program.ts';

/** `coredns -conf /etc/coredns/Corefile`: a name server that others are sent to. Differs from CoreDNS: without the file it only waits. */
export const coredns: Program = (process) => {
  const at = process.argv.indexOf('-conf');
  const path = resolvePath(at < 0 ? 'Corefile' : (process.argv[at + 1] ?? ''), process.workingDirectory);
  const read = () => parseCorefile(process.files.read(path) ?? '');
  const waits = { terminate: { after: 20, exitCode: 0 } };
  if (read().length === 0) return waits;
  const ask = (question: DnsQuestion, server: string): DnsAnswer | undefined => {
    // There is no Internet behind it.
    if (server.startsWith('/')) return { rcode: 'NXDOMAIN', records: [] };
    const dial = process.dial(server, 53, 'udp');
    return dial.error ? undefined : dial.listener.dns?.(question);
  };
  const noHttp = (): HttpResponse => ({ status: 400, body: '' });
  process.listen(53, Object.assign(noHttp, { dns: (question: DnsQuestion) => answerByCorefile(read(), question, { ask }) }));
  for (const { zones } of read()) process.logLines(zones.map((zone) => (zone === '.' ? '.:53' : `${zone}.:53`)));
  return waits;
};
