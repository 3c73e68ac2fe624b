// Which program a container's command line starts.
import type { Image } from '../images.ts';
import { fluentd } from '../logging/fluentd/index.ts';
import { prometheus } from '../monitoring/prometheus/index.ts';
import type { Program, Process } from '../program.ts';
import { commands } from '../sh/index.ts';
import { components, hyperkube, parseComponent, saying } from '../components/index.ts';
import { agnhost } from './agnhost/index.ts';
import { isTool } from './agnhost/tools.ts';
import { clusterAutoscaler } from './cluster-autoscaler.ts';
import { compile } from './compile.ts';
import { controlPlane } from './control-plane.ts';
import { coredns } from './coredns.ts';
import { database } from './databases.ts';
import { guestbookFrontend } from './guestbook-frontend.ts';
import { apache, echoserver, helloApp, kubia, nginx, phpApache, pythonServer } from './http.ts';
import { ingressNginx } from './ingress-nginx.ts';
import { metricsServer } from './metrics-server/index.ts';
import { perl } from './perl.ts';
import { redisServer } from './redis/server.ts';
import { script } from './script.ts';
import { sampleApiserver } from './sample-apiserver.ts';
import { stress } from './stress.ts';
import { toolsOf } from './tools.ts';

/** Waits for SIGTERM and goes; for servers whose work nobody looks at. */
const daemon: Program = () => ({ terminate: { after: 20, exitCode: 0 } });

/** A program with the setuid bit: root, unless its container may not become that. */
const effectiveUser: Program = (process) => {
  process.log(`Effective uid: ${process.mayEscalate ? 0 : process.user.uid}`);
  process.after(10, () => process.exit(0));
  return {};
};

/** The executable is not in the image: the container cannot start. */
export class StartError extends Error {}

const notFound =
  (name: string): Program =>
  () => {
    const why = name.includes('/') ? `stat ${name}: no such file or directory` : 'executable file not found in $PATH';
    throw new StartError(`exec: "${name}": ${why}`);
  };

const servers: Record<string, Program> = {
  nginx,
  'nginx-debug': nginx,
  'httpd-foreground': apache,
  httpd: apache,
  'nginx-ingress-controller': ingressNginx,
  'cluster-autoscaler': clusterAutoscaler,
  'redis-server': redisServer(undefined),
  mysqld: database('mysqld', 3306, 400),
  postgres: database('postgres', 5432, 60),
  mongod: database('mongod', 27017, 150),
  memcached: database('memcached', 11211, 5),
  registry: database('registry', 5000, 20),
  'hello-app': helloApp,
  agnhost,
  'agnhost-2': agnhost,
  nnp: effectiveUser,
  stress,
  pause: daemon,
  compile,
  coredns,
  etcd: controlPlane('etcd'),
  'kube-apiserver': controlPlane('kube-apiserver'),
  'kube-controller-manager': controlPlane('kube-controller-manager'),
  'kube-scheduler': controlPlane('kube-scheduler'),
  'kube-proxy': controlPlane('kube-proxy'),
  'metrics-server': daemon,
  'sample-apiserver': sampleApiserver,
  flanneld: controlPlane('flanneld'),
};

/** Entry points that run what follows them. */
const wrappers = /^(docker-(php-)?entrypoint(\.sh)?|entrypoint(\.sh)?|tini|dumb-init)$/;

/** Of the official images of redis, MySQL, PostgreSQL, MongoDB, memcached and PHP: `args: [--appendonly, yes]` are options of the server. */
const addsServer = /^docker-(php-)?entrypoint(\.sh)?$/;

export function programFor(image: Image, argv: readonly string[]): Program {
  let [first = '', ...rest] = argv;
  const wrapper = first;
  while (wrappers.test(baseName(first))) [first = '', ...rest] = rest[0] === '--' ? rest.slice(1) : rest;
  // Its entry point takes options alone for those of Fluentd.
  if (first.startsWith('-') && /\/fluentd/.test(image.origin)) [first, ...rest] = ['fluentd', first, ...rest];
  if (addsServer.test(wrapper) && first.startsWith('-')) [first = '', ...rest] = [image.cmd[0], first, ...rest] as string[];
  const name = baseName(first);
  if (name === 'hello') return hello;
  if (name === 'apache2-foreground' && /gb-frontend/.test(image.origin)) return guestbookFrontend({ older: /:v[1-4]$/.test(image.name) });
  if (name === 'apache2-foreground') return /hpa-example/.test(image.origin) ? phpApache : apache;
  if (name === 'nginx' && /echoserver/.test(image.origin)) return echoserver;
  if (name === 'node' && /kubia/.test(image.origin)) return kubia;
  if (name === 'perl' && /perl/.test(image.origin)) return perl(rest);
  if (/^python3?$/.test(name) && /python/.test(image.origin)) return pythonServer([first, ...rest]);
  const server = name === 'agnhost' && isTool(rest[0] ?? '') ? undefined : servers[name];
  const kubernetes = ofHyperkube(image, first, rest);
  if (kubernetes) return kubernetes;
  if (name === 'metrics-server' && provides(image, name)) return metricsServer(image.name);
  if (name === 'fluentd' && provides(image, name)) return fluentd(image.name);
  if (name === 'prometheus' && provides(image, name)) return prometheus(image.name);
  if (server && provides(image, name)) return name === 'redis-server' ? redisServer(leaderOf(image, rest)) : server;
  if (name in (toolsOf(image) ?? {})) return script([first, ...rest], (command) => nested(image, command));
  if (image.shell && (/^(sh|bash|ash|dash|true|false|test|\[)$/.test(name) || name in commands)) return script([first, ...rest], (command) => nested(image, command));
  return notFound(first);
}

/** `/hyperkube`, which lies on no PATH, and the names under which its image has it there: links, of which each is one of Kubernetes' programs. */
function ofHyperkube(image: Image, first: string, args: readonly string[]): Program | undefined {
  if (!/\/hyperkube(:|@|$)/.test(image.origin)) return undefined;
  const version = /:(v\d[\w.]*)/.exec(image.name)?.[1] ?? '';
  const goesOn = (component: string): Program => servers[component] ?? daemon;
  if (first === '/hyperkube') return saying(hyperkube(args, { version, script: Number(version.split('.')[1]) >= 17 }), goesOn);
  const name = baseName(first);
  if (!(name in components)) return undefined;
  const parsed = parseComponent(name, { args, version });
  return 'code' in parsed ? saying(parsed, goesOn) : goesOn(name);
}

/** Whom a redis-server follows: the images of the guestbook know it, others are told with `--replicaof host port`. */
function leaderOf({ repository }: Image, args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === '--replicaof' || arg === '--slaveof');
  if (at >= 0) return args[at + 1];
  return /gb-redis-follower/.test(repository) ? 'redis-leader' : /gb-redisslave/.test(repository) ? 'redis-master' : undefined;
}

/** A server that a script starts in its place. */
function nested(image: Image, argv: readonly string[]): Program | undefined {
  const name = baseName(argv[0] ?? '');
  return name in servers || /^python3?$/.test(name) ? programFor(image, argv) : undefined;
}

function provides(image: Image, name: string): boolean {
  return [...image.entrypoint, ...image.cmd, ...image.programs].some((word) => baseName(word) === name) || (name === 'agnhost-2' && /agnhost/.test(image.origin)) || (name === 'stress' && /stress/.test(image.origin)) || (name === 'nginx-debug' && /nginx/.test(image.origin));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function hello(process: Process) {
  process.logLines(['', 'Hello from Docker!', 'This message shows that your installation appears to be working correctly.', '']);
  process.after(0, () => process.exit(0));
  return {};
}
