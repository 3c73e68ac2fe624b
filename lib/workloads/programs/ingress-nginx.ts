// ingress-nginx: a web server whose configuration is the cluster's Ingresses.
import type { HttpRequest, IngressAnswer } from '../../machine/index.ts';
import type { Process, Program } from '../program.ts';
import { clfTime } from './http.ts';

const MiB = 1024 * 1024;
const line = '-'.repeat(79);
const banner = [line, 'NGINX Ingress controller', '  Release:       v1.12.1', '  Build:         51c2b819690bbf1709b844dbf321a9acf6eda5a7', '  Repository:    https://github.com/kubernetes/ingress-nginx', '  nginx version: nginx/1.25.5', '', line, ''];

const flag = ({ argv }: Process, name: string) => argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
/** `$(POD_NAMESPACE)` has been filled in by the kubelet. */
const optionsOf = (process: Process) => {
  const publishService = flag(process, 'publish-service');
  return { controllerClass: flag(process, 'controller-class') ?? 'k8s.io/ingress-nginx', ingressClass: flag(process, 'ingress-class') ?? 'nginx', ...(publishService && { publishService }) };
};

export const ingressNginx: Program = (process) => {
  process.logLines(banner);
  process.useMemory(90 * MiB);
  process.listen(10254, ({ path }) => (path === '/healthz' ? { status: 200, body: 'ok' } : { status: 404, body: '404 page not found\n' }));
  const gate = process.serveIngresses?.(optionsOf(process));
  for (const port of gate ? [80, 443] : []) {
    process.listen(port, (request, server) => {
      // Who asks knows the port of the Service.
      const answer = gate!.answer({ ...request, port });
      const at = server.clock.now;
      server.logLines(() => [accessLine(request, answer, at)]);
      return answer.response;
    });
  }
  return { terminate: { after: 1000, exitCode: 0 } };
};

/** The log_format upstreaminfo, without the request's id. */
function accessLine(request: HttpRequest, { response, upstream }: IngressAnswer, at: number): string {
  const agent = request.headers?.['User-Agent'] ?? '-';
  const sent = upstream?.addresses.length ? `${upstream.addresses.join(', ')} ${response.body.length} 0.001 ${response.status}` : '- - - -';
  return `${request.from} - - [${clfTime(at)}] "${request.method} ${request.path} HTTP/1.1" ${response.status} ${response.body.length} "-" "${agent}" 83 0.001 [${upstream?.name ?? 'upstream-default-backend'}] [] ${sent}`;
}
