// nc, as OpenBSD's prints it: looks whether somebody listens, or sends what it reads and prints the answer.
import { type Answering, bytesOf, type DialError, resolvePath, special, textOf } from '../../machine/index.ts';
import { attempt, options } from './commands/command.ts';
import { statusText } from './fetch.ts';
import type { Io, Running$, Shell } from './shell.ts';

const reasons: Record<DialError, string> = { refused: 'Connection refused', timeout: 'Operation timed out', unreachable: 'No route to host', 'no-such-host': 'Name does not resolve', closed: 'Connection reset by peer' };

/** How long it waits for a connection when nobody says, in seconds. */
const patience = 130;
/** How often it looks whether more has come, in milliseconds. */
const look = 100;

export function* nc(argv: readonly string[], io: Io, shell: Shell): Running$ {
  const { values, letters, rest } = options(argv.slice(1), 'wpsIq');
  const [host = '', port = ''] = rest;
  if (letters.includes('l') && letters.includes('U') && host) return yield* listenAt(host, io, shell);
  if (!host || !port) {
    io.err('usage: nc [-46CDdFhklNnrStUuvZz] [-w timeout] [destination] [port]\n');
    return 1;
  }
  const protocol = letters.includes('u') ? 'udp' : 'tcp';
  const dial = shell.process.dial(host, Number(port), protocol, letters.includes('6') ? 6 : letters.includes('4') ? 4 : undefined);
  // UDP learns nothing from silence: only a name that nobody knows is an error.
  if (dial.error && (protocol === 'tcp' || dial.error === 'no-such-host')) {
    if (dial.error === 'timeout') yield Number(values['w'] ?? patience) * 1000;
    if (dial.error === 'no-such-host') io.err(`nc: getaddrinfo for host "${host}" port ${port}: ${reasons[dial.error]}\n`);
    else if (letters.includes('v')) io.err(`nc: connect to ${host} port ${port} (${protocol}) failed: ${reasons[dial.error]}\n`);
    return 1;
  }
  if (letters.includes('v')) io.err(`Connection to ${host} ${port} port [${protocol}/*] succeeded!\n`);
  if (letters.includes('z') || dial.error) return 0;
  const send = (method: string, path: string, body?: string) => dial.listener({ method, path, host, port: Number(port), from: dial.from ?? shell.process.ip, ...(body && { body }) });
  if (protocol === 'udp') {
    // Differs from Kubernetes: a datagram is a request for the path that it names.
    io.out(send('GET', `/${io.stdin.trim()}`).body);
    yield Number(values['w'] ?? 0) * 1000;
    return 0;
  }
  const { accept } = dial.listener;
  if (accept) return yield* converse(accept, io, { from: dial.from ?? shell.process.ip, patience: Number(values['w'] ?? patience) * 1000 });
  const [, method, path] = /^(GET|HEAD|POST|PUT|DELETE) (\S+)/.exec(io.stdin) ?? [];
  if (!method) return 0;
  const { status, headers = {}, body } = send(method, path!, io.stdin.split(/\r?\n\r?\n/)[1]);
  const lines = [`HTTP/1.1 ${status} ${statusText[status] ?? ''}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), `Content-Length: ${body.length}`, 'Connection: close'];
  io.out(`${lines.join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : body}`);
  return 0;
}

/** Sends what it reads and prints what comes, until the other side ends. Differs from OpenBSD's: it says at once that it has sent all, as with -N. */
function* converse(accept: NonNullable<Answering['accept']>, io: Io, { from, patience }: { from: string; patience: number }): Running$ {
  let open = true;
  const stream = accept({ from, write: (bytes) => io.out(textOf(bytes)), end: () => void (open = false) });
  if (io.stdin) stream.data(bytesOf(io.stdin));
  if (open) stream.end();
  for (let waited = 0; open && waited < patience; waited += look) yield look;
  return 0;
}

/** Nobody here speaks to a socket in the file system; it is there as long as somebody waits at it. */
function* listenAt(path: string, io: Io, shell: Shell): Running$ {
  const failed = attempt(io, (reason) => `nc: ${reason === 'File exists' ? 'Address already in use' : reason}`, () => shell.process.files.makeSpecial(resolvePath(path, shell.cwd), special('socket', { mode: 0o755 })));
  if (!failed) yield Infinity;
  return failed;
}
