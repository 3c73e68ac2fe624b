// A server that tells who it is, what it was asked, and calls others: `agnhost netexec`.
import type { HttpRequest, HttpResponse } from '../../../machine/index.ts';
import { runShell } from '../../exec.ts';
import type { Listener, Process, Program } from '../../program.ts';
import { flag, goMilliseconds, query, stamp } from './options.ts';

type Query = (name: string) => string;
type Route = (of: Query, process: Process, request: HttpRequest) => Partial<HttpResponse>;

const hostname: Route = (_, process) => ({ body: process.hostname });

const routes: Record<string, Route> = {
  '/': (_, process) => ({ body: `NOW: ${new Date(process.clock.now).toISOString().replace('T', ' ').replace('Z', ' +0000 UTC')}` }),
  '/clientip': (_, __, { from }) => ({ body: `${from}:40000` }),
  '/dial': dial,
  '/echo': (of) => ({ body: of('msg'), ...(of('code') && { status: Number(of('code')) }) }),
  '/exit': exit,
  '/healthz': () => ({}),
  '/hostname': hostname,
  '/hostName': hostname,
  '/redirect': (of) => ({ status: Number(of('code') || 302), headers: { Location: of('location') } }),
  '/shell': shell,
  '/shutdown': (_, process) => (process.exit(0), {}),
};

function exit(of: Query, process: Process): Partial<HttpResponse> {
  for (const name of ['timeout', 'wait']) if (of(name) && goMilliseconds(of(name)) === undefined) return { body: `argument '${name}' must be a valid golang duration or empty, got ${JSON.stringify(of(name))}\n` };
  if (of('code') && !/^-?\d+$/.test(of('code'))) return { body: `argument 'code' must be an integer [0-127] or empty, got ${JSON.stringify(of('code'))}\n` };
  process.after(goMilliseconds(of('wait')) ?? 0, () => process.exit(Number(of('code') || 0)));
  return {};
}

function shell(of: Query, process: Process): Partial<HttpResponse> {
  const { stdout, stderr, exitCode } = runShell(process, ['sh', '-c', of('shellCommand') || of('cmd')]);
  const output: Record<string, string> = {};
  if (stdout + stderr) output['output'] = stdout + stderr;
  if (exitCode !== 0) output['error'] = `exit status ${exitCode}`;
  return { status: exitCode === 0 ? 200 : 417, body: JSON.stringify(output) };
}

/** Calls another server, `tries` times. Differs from Kubernetes: UDP is answered by whatever listens on the port. */
function dial(of: Query, process: Process): Partial<HttpResponse> {
  const [host, port, wanted] = [of('host'), Number(of('port')), of('request')];
  if (!wanted) return { status: 400, body: 'request parameter not specified. <nil>\n' };
  const protocol = of('protocol') === 'udp' ? 'udp' : 'tcp';
  const [responses, errors]: [string[], string[]] = [[], []];
  for (let tries = Number(of('tries') || 1); tries > 0; tries--) {
    const connection = process.dial(host, port, protocol);
    if (connection.error && protocol === 'udp') errors.push(`reading from udp connection failed. err:'read udp ${process.ip}:40000->${host}:${port}: ${connection.error === 'refused' ? 'read: connection refused' : 'i/o timeout'}'`);
    else if (connection.error) errors.push(`Get "http://${host}:${port}/${wanted}": dial tcp ${host}:${port}: ${connection.error === 'refused' ? 'connect: connection refused' : 'i/o timeout'}`);
    else responses.push(connection.listener({ method: 'GET', path: `/${wanted}`, host, port, from: connection.from ?? process.ip }).body);
  }
  return { body: JSON.stringify({ ...(responses.length > 0 && { responses }), ...(errors.length > 0 && { errors }) }) };
}

const answer =
  (override: string | undefined): Listener =>
  (request, process) => {
    // By UDP it is told `echo WORDS`.
    const path = override ?? request.path.replace(/^\/echo (.*)$/s, (_, words: string) => `/echo?msg=${encodeURIComponent(words)}`);
    const name = path.replace(/[?#].*$/, '');
    process.logLines((at) => [`${stamp(at)}GET ${path}`]);
    return { status: 200, body: '', ...(routes[name] ?? routes['/']!)(query(path), process, request) };
  };

export const netexec: Program = (process) => {
  const { argv } = process;
  const port = Number(flag(argv, '--http-port') ?? 8080);
  const listener = answer(flag(argv, '--http-override'));
  process.listen(port, listener);
  const udpPort = Number(flag(argv, '--udp-port') ?? 8081);
  // Each protocol has its own ports; what listens here answers by both.
  if (udpPort !== -1 && udpPort !== port) process.listen(udpPort, listener);
  process.useMemory(6 * 1024 * 1024);
  process.logLines((at) => [`${stamp(at)}Started HTTP server on port ${port}`, ...(udpPort === -1 ? [] : [`${stamp(at)}Started UDP server on port  ${udpPort}`])]);
  return { terminate: { after: 10, exitCode: 2 } };
};
