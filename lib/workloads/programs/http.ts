// Web servers as the lessons use them: each answers GET requests in its own way and logs them as the real one does.
import { type HttpRequest, type HttpResponse, joinPath, resolvePath } from '../../machine/index.ts';
import type { Listener, Process, Program } from '../program.ts';
import { welcome } from './welcome.ts';

const MiB = 1024 * 1024;
const quick = { terminate: { after: 40, exitCode: 0 } };
const html = { 'Content-Type': 'text/html' };

const two = (n: number) => String(n).padStart(2, '0');
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `01/Jan/2026:00:00:00 +0000` */
export function clfTime(at: number): string {
  const d = new Date(at);
  return `${two(d.getUTCDate())}/${months[d.getUTCMonth()]}/${d.getUTCFullYear()}:${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} +0000`;
}

/** The combined log format of nginx and Apache. */
function access(request: HttpRequest, response: HttpResponse, at: number): string {
  const agent = request.headers?.['User-Agent'] ?? '-';
  return `${request.from} - - [${clfTime(at)}] "${request.method} ${request.path} HTTP/1.1" ${response.status} ${response.body.length} "-" "${agent}" "-"`;
}

/** `2026/01/01 00:00:00 [notice] 1#1:` */
function nginxPrefix(at: number, level: string): string {
  const d = new Date(at);
  return `${d.getUTCFullYear()}/${two(d.getUTCMonth() + 1)}/${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} [${level}] 1#1:`;
}

const nginxEntrypoint = [
  '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration',
  '/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/',
  '/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh',
  '/docker-entrypoint.sh: Configuration complete; ready for start up',
];

const nginxStartup = (at: number): readonly string[] => [...nginxEntrypoint, `${nginxPrefix(at, 'notice')} using the "epoll" event method`, `${nginxPrefix(at, 'notice')} start worker processes`];

/** The port is taken: five tries, half a second apart, then the end. */
function nginxWithoutPort(process: Process, tries = 5): void {
  const said = (level: string, text: string) => [`${nginxPrefix(process.clock.now, level)} ${text}`, ...(level === 'emerg' ? [`nginx: [emerg] ${text}`] : [])];
  if (tries === 0) {
    process.logLines(said('emerg', 'still could not bind()'));
    return process.exit(1);
  }
  process.logLines([...said('emerg', 'bind() to 0.0.0.0:80 failed (98: Address already in use)'), ...said('notice', 'try again to bind() after 500ms')]);
  process.after(500, () => nginxWithoutPort(process, tries - 1));
}

const page = (title: string) => `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;

/** Serves files below a root; `otherwise` answers for `/` where there is no such root in the image. */
export function fileServer(root: string, otherwise: string): Listener {
  return (request, process) => {
    const response = { headers: html, ...answer(process, root, { path: resolvePath(request.path.replace(/[?#].*$/, '')), otherwise }) };
    const at = process.clock.now;
    process.logLines(() => [access(request, response, at)]);
    return response;
  };
}

function answer({ files }: Process, root: string, { path, otherwise }: { path: string; otherwise: string }): { status: number; body: string } {
  const full = path === '/' ? root || '/' : root + path;
  const directory = files.isDirectory(full);
  const body = files.read(directory ? joinPath(full, 'index.html') : full);
  if (body !== undefined) return { status: 200, body };
  if (path === '/' && (root === '' || !directory)) return { status: 200, body: otherwise };
  return directory ? { status: 403, body: page('403 Forbidden') } : { status: 404, body: page('404 Not Found') };
}

/** Milliseconds of CPU time for a page, and the rest of the usual time of an answer. */
const pageCost = { cpu: 0.2, delay: 4.8 };
const nginxPages = fileServer('/usr/share/nginx/html', welcome);
const nginxFiles: Listener = (request, process) => ({ ...pageCost, ...nginxPages(request, process) });

export const nginx: Program = (process) => {
  let serves = true;
  process.listen(80, nginxFiles, () => (serves = false));
  process.logLines(serves ? nginxStartup : nginxEntrypoint);
  if (!serves) nginxWithoutPort(process);
  process.useMemory(4 * MiB);
  return quick;
};

const apacheFiles = fileServer('/usr/local/apache2/htdocs', '<html><body><h1>It works!</h1></body></html>\n');

const phpFiles = fileServer('/var/www/html', '<html><body><h1>It works!</h1></body></html>\n');

/** CPU time of PHP's `for (…; $i <= 1000000; …) $x += sqrt($x);`, in milliseconds for each time, and what takes time beside it. */
const [rootCost, phpDelay] = [47e-6, 33];

/** How often a file takes a square root: the bound of its loop. */
function roots(text: string): number {
  if (!text.includes('sqrt')) return 0;
  return Number(/for\s*\([^;]*;[^;]*<=?\s*(\d+)/.exec(text)?.[1] ?? 1_000_000);
}

/** Differs from Kubernetes: of a PHP file only what it echoes in quotes is run; the time of a loop with `sqrt` goes by its bound. */
const php: Listener = (request, process) => {
  const path = resolvePath(request.path.replace(/[?#].*$/, ''));
  const text = process.files.read(joinPath('/var/www/html', path.endsWith('.php') ? path : joinPath(path, 'index.php')));
  if (text === undefined) return phpFiles(request, process);
  const echoed = [...text.matchAll(/echo\s*\(?\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)')/g)].map(([, double, single]) => double?.replaceAll('\\n', '\n') ?? single ?? '');
  const response = { status: 200, headers: html, body: text.includes('<?') ? echoed.join('') : text, ...(text.includes('sqrt') && { cpu: roots(text) * rootCost, delay: phpDelay }) };
  const at = process.clock.now;
  process.logLines(() => [access(request, response, at)]);
  return response;
};

export const apache: Program = (process) => {
  process.listen(80, (request, server) => (server.files.isDirectory('/var/www/html') ? php : apacheFiles)(request, server));
  process.useMemory(12 * MiB);
  process.logLines(["AH00558: httpd: Could not reliably determine the server's fully qualified domain name. Set the 'ServerName' directive globally to suppress this message"]);
  return quick;
};

/** Takes a million square roots and answers `OK!`: the example of the HPA walkthrough. */
export const phpApache: Program = (process) => {
  process.listen(80, (request, server) => {
    const response = { status: 200, body: 'OK!', headers: html, cpu: 1_000_000 * rootCost, delay: phpDelay };
    const at = server.clock.now;
    server.logLines(() => [access(request, response, at)]);
    return response;
  });
  process.useMemory(12 * MiB);
  return quick;
};

export const echoserver: Program = (process) => {
  process.listen(8080, (request, server) => ({
    status: 200,
    headers: { 'Content-Type': 'text/plain' },
    body: `\n\nHostname: ${server.hostname}\n\nPod Information:\n\t-no pod information available-\n\nServer values:\n\tserver_version=nginx: 1.13.3 - lua: 10008\n\nRequest Information:\n\tclient_address=${request.from}\n\tmethod=${request.method}\n\treal path=${request.path}\n\tquery=\n\trequest_version=1.1\n\trequest_uri=http://${request.host}:${request.port}${request.path}\n\nRequest Headers:\n\thost=${request.host}:${request.port}\n\nRequest Body:\n\t${request.body ?? '-no body in request-'}\n\n`,
  }));
  process.useMemory(4 * MiB);
  return quick;
};

export const helloApp: Program = (process) => {
  process.listen(Number(process.env['PORT'] ?? 8080), (request, server) => {
    server.log(`${clfTime(server.clock.now)} Serving request: ${request.path}`);
    return { status: 200, body: `Hello, world!\nVersion: 1.0.0\nHostname: ${server.hostname}\n` };
  });
  process.log('Server listening on port 8080');
  process.useMemory(3 * MiB);
  return { terminate: { after: 5, exitCode: 2 } };
};

export const kubia: Program = (process) => {
  process.listen(8080, (request, server) => {
    server.log(`Received request from ::ffff:${request.from}`);
    return { status: 200, body: `You've hit ${server.hostname}\n` };
  });
  process.log('Kubia server starting...');
  process.useMemory(30 * MiB);
  return {};
};

/** `python -m http.server PORT`, and an interpreter without a script that ends at once. */
export function pythonServer(argv: readonly string[]): Program {
  return (process: Process) => {
    process.useMemory(10 * MiB);
    if (!argv.includes('http.server')) {
      process.after(50, () => process.exit(0));
      return {};
    }
    const port = Number(argv[argv.indexOf('http.server') + 1]) || 8000;
    const files = fileServer('', '<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<title>Directory listing for /</title>\n</head>\n</html>\n');
    process.listen(port, files);
    process.log(`Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...`);
    return {};
  };
}
