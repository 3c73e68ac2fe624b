// wget, curl and nslookup: what a pod sees of the network, in these tools' own words.
import { type DialError, hostPort, type HttpResponse, resolvePath } from '../../machine/index.ts';
import { usageOf } from './commands/usage.ts';
import type { Io, Running$, Shell } from './shell.ts';

interface Url {
  scheme: string;
  /** As it was written: an IPv6 address has its brackets. */
  host: string;
  port: number;
  path: string;
}

export function parseUrl(text: string): Url {
  const match = /^(?:(https?):\/\/)?(\[[^\]]*\]|[^/:]+)(?::(\d+))?(\/.*)?$/.exec(text);
  const scheme = match?.[1] ?? 'http';
  return { scheme, host: match?.[2] ?? '', port: Number(match?.[3] ?? (scheme === 'https' ? 443 : 80)), path: match?.[4] ?? '/' };
}

const bare = (host: string) => host.replace(/^\[|\]$/g, '');

/** Connects, sends and waits for the answer. The longest wait is `timeout` milliseconds. */
export function* request(shell: Shell, url: Url & { at?: string; family?: 4 | 6 | undefined }, method: string, timeout: number, headers: Record<string, string> = {}, body?: string): Generator<number, { ip: string; response?: HttpResponse; error?: DialError | 'no-certificate' }, void> {
  const { process } = shell;
  const dialled = process.dial(url.at ?? bare(url.host), url.port, 'tcp', url.family);
  const loopback = /^127\./.test(url.host) ? url.host : undefined;
  const dial = { ...dialled, ip: loopback ?? dialled.ip };
  if (dial.error) {
    shell.repetition?.pause();
    if (dial.error === 'timeout') yield timeout;
    return { ip: dial.ip, error: dial.error };
  }
  if (url.scheme === 'https' && dial.listener.certificate === 'none') return { ip: dial.ip, error: 'no-certificate' };
  const response = dial.listener({ method, path: url.path, host: headers['Host'] ?? url.host, port: url.port, from: dial.from ?? process.ip, headers, ...(body !== undefined && { body }), ...(shell.repetition?.steady && { steady: true }) });
  const delay = response.delay ?? 5;
  const waited = Math.round(Math.min(delay, timeout));
  shell.repetition?.asked({ host: url.at ?? bare(url.host), port: url.port, dial: dialled, response, waited });
  yield waited;
  return delay > timeout ? { ip: dial.ip, error: 'timeout' } : { ip: dial.ip, response };
}

export const statusText: Record<number, string> = { 200: 'OK', 301: 'Moved Permanently', 308: 'Permanent Redirect', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Not Allowed', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Time-out' };

/** The value that follows an option, written together or apart. */
function valueOf(args: readonly string[], ...names: string[]): string | undefined {
  for (const [i, arg] of args.entries()) {
    for (const name of names) {
      if (arg === name) return args[i + 1];
      if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
      if (name.length === 2 && arg.startsWith(name) && !arg.startsWith('--')) return arg.slice(2);
    }
  }
  return undefined;
}

const takesValue = new Set(['-O', '-T', '-o', '-w', '-H', '-X', '-d', '-m', '--connect-timeout', '--max-time', '--timeout', '--header', '--data', '--post-data', '--write-out', '-t', '--tries', '-P', '-u', '--resolve', '--interface', '--retry', '-A', '--user-agent', '-z', '--time-cond', '--output', '--request', '--write-out', '-e', '--referer']);
function urlOf(args: readonly string[]): string | undefined {
  for (let i = 0; i < args.length; i++) {
    if (takesValue.has(args[i]!)) i++;
    else if (!args[i]!.startsWith('-')) return args[i];
  }
  return undefined;
}

export function* wget(argv: readonly string[], io: Io, shell: Shell): Running$ {
  const args = argv.slice(1);
  const text = urlOf(args);
  if (!text) {
    io.err(usageOf('wget'));
    return 1;
  }
  const url = parseUrl(text);
  const quiet = args.some((a) => /^-\w*q/.test(a));
  const output = /^-\w*O(.*)$/.exec(args.find((a) => /^-\w*O/.test(a)) ?? '');
  const target = args.includes('--spider') ? '/dev/null' : output ? output[1] || args[args.findIndex((a) => /^-\w*O$/.test(a)) + 1] || '-' : url.path.replace(/.*\//, '') || 'index.html';
  const seconds = Number(valueOf(args, '-T', '--timeout') ?? 900);
  const body = valueOf(args, '--post-data');
  const { ip, response, error } = yield* request(shell, url, body === undefined ? 'GET' : 'POST', seconds * 1000, { 'User-Agent': 'Wget' }, body);
  if (error === 'no-such-host') io.err(`wget: bad address '${url.host}${url.port === 80 ? '' : `:${url.port}`}'\n`);
  if (error && error !== 'no-such-host') {
    if (!quiet) io.err(`Connecting to ${url.host}:${url.port} (${hostPort(ip, url.port)})\n`);
    io.err(error === 'no-certificate' ? 'wget: TLS error from peer (alert code 80): internal error\n' : error === 'timeout' ? 'wget: download timed out\n' : error === 'closed' ? 'wget: error getting response\n' : `wget: can't connect to remote host (${ip}): ${error === 'refused' ? 'Connection refused' : 'No route to host'}\n`);
  }
  if (!response) return 1;
  if (!quiet) io.err(`Connecting to ${url.host}:${url.port} (${hostPort(ip, url.port)})\n`);
  if (response.status >= 400) {
    io.err(`wget: server returned error: HTTP/1.1 ${response.status} ${statusText[response.status] ?? ''}\n`);
    return 1;
  }
  const bar = (name: string) => `${name.padEnd(20)} 100% |********************************| ${String(response.body.length).padStart(5)}  0:00:00 ETA\n`;
  if (target === '-') {
    if (!quiet) io.err(`writing to stdout\n${bar('-')}written to stdout\n`);
    io.out(response.body);
  } else {
    if (!quiet) io.err(`saving to '${target}'\n${bar(target)}'${target}' saved\n`);
    if (target !== '/dev/null') shell.process.files.write(resolvePath(target, shell.cwd), response.body);
  }
  return 0;
}

/** `-H 'Host: a.example'`, as often as it is written. */
function headersOf(args: readonly string[]): Record<string, string> {
  const headers = args.flatMap((arg, i) => (arg === '-H' || arg === '--header' ? [args[i + 1] ?? ''] : []));
  return Object.fromEntries(headers.flatMap((header) => (/^[^:]+:/.test(header) ? [[header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 1).trim()]] : [])));
}

/** `--resolve a.example:80:10.0.0.11`: the address of a name for this time. */
function resolved(args: readonly string[], { host, port }: Url): { at?: string } {
  const given = valueOf(args, '--resolve')?.split(':');
  return given?.[0] === host && given[1] === String(port) && given[2] ? { at: given[2] } : {};
}

/** `-6`, `-s6`, `--ipv4`. */
function familyOf(args: readonly string[]): 4 | 6 | undefined {
  const wants = (digit: string) => args.some((arg) => arg === `--ipv${digit}` || (/^-(?![mowXHdTP])[a-zA-Z46]+$/.test(arg) && arg.includes(digit)));
  return wants('6') ? 6 : wants('4') ? 4 : undefined;
}

/** `-z FILE`: only what is newer than that file is wanted; without it, anything. */
function timeCondition(args: readonly string[], io: Io, shell: Shell): Record<string, string> {
  const given = valueOf(args, '-z', '--time-cond');
  if (given === undefined) return {};
  const node = shell.process.files.find(resolvePath(given, shell.cwd));
  const time = node?.mtime ?? Date.parse(given);
  if (!Number.isNaN(time)) return { 'If-Modified-Since': new Date(time).toUTCString() };
  io.err('Warning: Illegal date format for -z/--time-cond (and not a file name). Disabling \nWarning: time condition. See curl_getdate(3) for valid date syntax.\n');
  return {};
}

/** `-L`: goes on where a redirection leads, at most fifty times. */
function* requestAlong(shell: Shell, url: Url & { at?: string; family?: 4 | 6 | undefined }, { method, timeout, headers, body, follow }: { method: string; timeout: number; headers: Record<string, string>; body: string | undefined; follow: boolean }): ReturnType<typeof request> {
  let answer = yield* request(shell, url, method, timeout, headers, body);
  for (let hops = 0; follow && hops < 50; hops++) {
    const target = answer.response?.headers?.['Location'];
    if (!target || !/^30[12378]$/.test(String(answer.response?.status))) break;
    answer = yield* request(shell, parseUrl(target), method, timeout, headers, body);
  }
  return answer;
}

/** `-sLo FILE` is `-s -L -o FILE`, `-XPOST` is `-X POST`. */
function apart(args: readonly string[]): string[] {
  return args.flatMap((word, i) => {
    const before = args[i - 1] ?? '';
    if (!/^-[A-Za-z46]{2,}$/.test(word) || (takesValue.has(before) && before !== '-O')) return [word];
    const letters: string[] = [];
    for (let at = 1; at < word.length; at++) {
      letters.push(`-${word[at]}`);
      if (!'oHXdmwAzeu'.includes(word[at]!) || at === word.length - 1) continue;
      letters.push(word.slice(at + 1));
      break;
    }
    return letters;
  });
}

export function* curl(argv: readonly string[], io: Io, shell: Shell): Running$ {
  const args = apart(argv.slice(1));
  const text = urlOf(args);
  if (!text) {
    io.err("curl: try 'curl --help' or 'curl --manual' for more information\n");
    return 2;
  }
  const short = args.filter((a) => /^-[a-zA-Z]/.test(a)).join('');
  const url = { ...parseUrl(text), ...resolved(args, parseUrl(text)), family: familyOf(args) };
  const silent = short.includes('s') || args.includes('--silent');
  const showErrors = !silent || short.includes('S');
  const seconds = Number(valueOf(args, '-m', '--max-time') ?? valueOf(args, '--connect-timeout') ?? 130);
  const body = valueOf(args, '-d', '--data');
  const headOnly = short.includes('I') || args.includes('--head');
  const method = valueOf(args, '-X', '--request') ?? (headOnly ? 'HEAD' : body !== undefined ? 'POST' : 'GET');
  const headers = { 'User-Agent': 'curl/8.14.1', Accept: '*/*', ...headersOf(args), ...timeCondition(args, io, shell) };
  const asked = { method, timeout: seconds * 1000, headers, body, follow: short.includes('L') || args.includes('--location') };
  const { response, error } = yield* requestAlong(shell, url, asked);
  const fail = (code: number, message: string) => {
    if (showErrors) io.err(`curl: (${code}) ${message}\n`);
    return code;
  };
  const format = valueOf(args, '-w', '--write-out');
  const written = (code: number) => format !== undefined && io.out(format.replaceAll('%{http_code}', String(code).padStart(3, '0')).replaceAll('\\n', '\n'));
  if (error || !response) {
    written(0);
    if (error === 'no-such-host') return fail(6, `Could not resolve host: ${bare(url.host)}`);
    if (error === 'timeout') return fail(28, `Connection timed out after ${seconds * 1000} milliseconds`);
    if (error === 'no-certificate') return fail(35, 'TLS connect error: error:0A000438:SSL routines::tlsv1 alert internal error');
    if (error === 'closed') return fail(52, 'Empty reply from server');
    return fail(7, `Failed to connect to ${bare(url.host)} port ${url.port} after 0 ms: Could not connect to server`);
  }
  if (url.scheme === 'https' && response.certificate && !short.includes('k') && !args.includes('--insecure')) {
    written(0);
    return fail(60, 'SSL certificate problem: unable to get local issuer certificate');
  }
  if (short.includes('v') && response.certificate && url.scheme === 'https') io.err(`* Server certificate:\n*  subject: CN=${response.certificate.subject}\n`);
  const failing = (short.includes('f') || args.includes('--fail')) && response.status >= 400;
  if (headOnly || short.includes('i')) {
    const headers = { Server: 'nginx', 'Content-Length': String(response.body.length), ...response.headers };
    io.out(`HTTP/1.1 ${response.status} ${statusText[response.status] ?? ''}\n${Object.entries(headers).map(([k, v]) => `${k}: ${v}\n`).join('')}\n`);
  }
  const output = valueOf(args, '-o', '--output');
  if (!headOnly && !failing && response.status !== 304) {
    if (output === undefined) io.out(response.body);
    else if (output !== '/dev/null') shell.process.files.write(resolvePath(output, shell.cwd), response.body);
  }
  written(response.status);
  return failing ? fail(22, `The requested URL returned error: ${response.status}`) : 0;
}
