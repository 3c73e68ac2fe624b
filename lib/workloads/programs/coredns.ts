import { answerByCorefile, type DnsAnswer, type DnsQuestion, followAliases, type HttpResponse, parseCorefile, pluginOf, portOf, resolvePath } from '../../machine/index.ts';
import { duration } from '../../sim/index.ts';
import type { Program } from '../program.ts';

const text = (status: number, body: string): HttpResponse => ({ status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body });

/**
 * `coredns -conf /etc/coredns/Corefile`: the cluster's name server, and any other one. Differs from CoreDNS: without the file it only
 * waits; what the plugin kubernetes knows comes from caches beside the API, so that it is ready at once; it has no metrics of its own.
 */
export const coredns: Program = (process) => {
  const at = process.argv.indexOf('-conf');
  const path = resolvePath(at < 0 ? 'Corefile' : (process.argv[at + 1] ?? ''), process.workingDirectory);
  const read = () => parseCorefile(process.files.read(path) ?? '');
  const blocks = read();
  if (blocks.length === 0) return { terminate: { after: 20, exitCode: 0 } };
  const ask = (question: DnsQuestion, server: string): DnsAnswer | undefined => {
    // There is no Internet behind it.
    if (server.startsWith('/')) return { rcode: 'NXDOMAIN', records: [] };
    const dial = process.dial(server, 53, 'udp');
    return dial.error ? undefined : dial.listener.dns?.(question);
  };
  const one = (question: DnsQuestion) => answerByCorefile(read(), question, { kubernetes: () => process.clusterNames?.(question), ask });
  process.listen(53, Object.assign(() => text(400, ''), { dns: (question: DnsQuestion) => followAliases(question, one) }));
  const pages: [plugin: string, port: number, path: string][] = [['health', 8080, '/health'], ['ready', 8181, '/ready'], ['prometheus', 9153, '/metrics']];
  for (const [plugin, usual, page] of pages) {
    const port = portOf(blocks, plugin, usual);
    if (port) process.listen(port, (request) => (request.path.split('?')[0] === page ? text(200, page === '/metrics' ? '' : 'OK') : text(404, '404 page not found\n')));
  }
  for (const { zones } of blocks) process.logLines(zones.map((zone) => (zone === '.' ? '.:53' : `${zone}.:53`)));
  const lame = pluginOf(blocks, 'health')?.lines.find(([word]) => word === 'lameduck')?.[1];
  return { terminate: { after: 20 + (lame ? duration(lame) : 0), exitCode: 0 } };
};
