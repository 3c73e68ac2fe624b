// docker run, create, start.
import { type DockerContainer, type PortMapping, type RunRequest } from '../container.ts';
import { DaemonError, type DockerEngine } from '../engine.ts';
import { bytesOf } from '../human.ts';
import type { Flags, Options } from '../options.ts';
import { familiarName } from '../../reference.ts';
import type { Image } from '../../images.ts';
import { parseVolume } from '../volumes.ts';
import { type Context, type DockerCommand, each, Failure } from './command.ts';
import { pullImage, referenceOf } from './pull.ts';

const flags: Flags = {
  detach: { short: 'd' }, interactive: { short: 'i' }, tty: { short: 't' }, rm: {}, name: { value: true }, env: { short: 'e', value: true }, publish: { short: 'p', value: true },
  volume: { short: 'v', value: true }, workdir: { short: 'w', value: true }, user: { short: 'u', value: true }, hostname: { short: 'h', value: true }, memory: { short: 'm', value: true },
  'memory-swap': { value: true }, cpus: { value: true }, 'cpu-quota': { value: true }, 'cpu-period': { value: true }, network: { value: true }, entrypoint: { value: true },
  privileged: {}, 'read-only': {}, restart: { value: true }, pull: { value: true }, label: { short: 'l', value: true }, platform: { value: true },
};

/** What creates a container does not run it, so it cannot be left in the background either. */
const { detach: _, ...createFlags } = flags;

const help = "\n\nRun 'docker run --help' for more information";

function portOf(text: string): PortMapping {
  const [, hostPort, port, protocol = 'tcp'] = /^(?:[\d.]*:)?(\d+):(\d+)(?:\/(tcp|udp))?$/.exec(text) ?? [];
  if (!hostPort || !port) throw new Failure(`docker: invalid containerPort: ${text}${help}`, 125);
  return { hostPort: Number(hostPort), port: Number(port), protocol };
}

function cpusOf(options: Options): number | undefined {
  const [cpus, quota] = [options.get('cpus'), options.get('cpu-quota')];
  if (cpus !== undefined && !/^\d*\.?\d+$/.test(cpus)) throw new Failure(`invalid argument ${JSON.stringify(cpus)} for "--cpus" flag: failed to parse ${cpus} as a rational number${help}`, 125);
  if (cpus !== undefined) return Number(cpus);
  return quota === undefined ? undefined : Number(quota) / Number(options.get('cpu-period') ?? 100_000);
}

function requestOf({ options, args, shell }: Context): RunRequest {
  const [image = '', ...command] = args;
  const memory = options.get('memory');
  if (memory !== undefined && bytesOf(memory) === undefined) throw new Failure(`invalid argument ${JSON.stringify(memory)} for "-m, --memory" flag: invalid size: '${memory}'${help}`, 125);
  if (memory !== undefined && bytesOf(memory)! < 6 * 1024 ** 2) throw new Failure(`docker: Error response from daemon: Minimum memory limit allowed is 6MB${help}`, 125);
  const cpus = cpusOf(options);
  const entrypoint = options.get('entrypoint');
  return {
    image,
    command,
    name: options.get('name'),
    entrypoint: entrypoint === undefined ? undefined : entrypoint === '' ? [] : [entrypoint],
    env: Object.fromEntries(options.all('env').map((pair) => (pair.includes('=') ? pair.split(/=(.*)/s, 2) : [pair, shell.variables.get(pair) ?? '']) as [string, string])),
    workingDir: options.get('workdir'),
    user: options.get('user'),
    hostname: options.get('hostname'),
    ports: options.all('publish').map(portOf),
    volumes: options.all('volume').map((text) => {
      const volume = parseVolume(text);
      if (!volume) throw new Failure(`docker: Error response from daemon: invalid volume specification: '${text}'${help}`, 125);
      return volume;
    }),
    memory: memory === undefined ? undefined : bytesOf(memory),
    cpus,
    hostNetwork: options.get('network') === 'host',
    privileged: options.has('privileged'),
    readOnly: options.has('read-only'),
    autoRemove: options.has('rm'),
  };
}

/** The image, pulled when it is not here. */
function* imageFor(engine: DockerEngine, name: string, io: Context['io']): Generator<number, Image> {
  const here = engine.image(name);
  if (here) return here;
  io.err(`Unable to find image '${familiarName(referenceOf(name))}' locally\n`);
  const error = yield* pullImage(engine, name, io.err);
  if (error !== undefined) throw new Failure(`docker: Error response from daemon: ${error}${help}`, 125);
  return engine.image(name)!;
}

function* begin(context: Context, start: boolean): Generator<number, DockerContainer> {
  const { engine, io } = context;
  const request = requestOf(context);
  const cpus = engine.machine.cpus;
  if (request.cpus !== undefined && request.cpus > cpus) throw new Failure(`docker: Error response from daemon: range of CPUs is from 0.01 to ${cpus}.00, as there are only ${cpus} CPUs available${help}`, 125);
  referenceOf(request.image);
  const image: Image = yield* imageFor(engine, request.image, io);
  if (image.entrypoint.length + image.cmd.length + request.command.length + (request.entrypoint?.length ?? 0) === 0) throw new Failure(`docker: Error response from daemon: no command specified${help}`, 125);
  try {
    const made = engine.create(request, image);
    // Told before it starts: a container that cannot start has its name all the same.
    if (context.options.has('detach')) io.out(`${made.id}\n`);
    if (start) yield* engine.start(made);
    return made;
  } catch (error) {
    if (!(error instanceof DaemonError)) throw error;
    throw new Failure(`docker: Error response from daemon: ${error.message}${help}`, /exec: /.test(error.message) ? 127 : 125);
  }
}

/** Shows what it prints until it has ended; Ctrl-C stops it. */
function* follow(made: DockerContainer, io: Context['io']): Generator<number, number> {
  const container = made.container!;
  let shown = 0;
  const show = () => {
    const text = container.readLog();
    io.out(text.slice(shown));
    shown = text.length;
  };
  try {
    while (container.state === 'running') {
      show();
      yield 50;
    }
    show();
    return container.exitCode;
  } finally {
    // Interrupted: the client passes the signal on.
    if (container.state === 'running') container.stop(10_000);
  }
}

export const run: DockerCommand = {
  usage: 'docker run [OPTIONS] IMAGE [COMMAND] [ARG...]',
  short: 'Create and run a new container from an image',
  flags,
  min: 1,
  ordered: true,
  *run(context) {
    const made = yield* begin(context, true);
    return context.options.has('detach') ? 0 : yield* follow(made, context.io);
  },
};

export const create: DockerCommand = {
  usage: 'docker create [OPTIONS] IMAGE [COMMAND] [ARG...]',
  short: 'Create a new container',
  flags: createFlags,
  min: 1,
  ordered: true,
  *run(context) {
    const made = yield* begin(context, false);
    context.io.out(`${made.id}\n`);
  },
};

export const start: DockerCommand = {
  usage: 'docker start [OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Start one or more stopped containers',
  flags: { attach: { short: 'a' } },
  min: 1,
  *run(context) {
    return yield* each(context, function* (name) {
      yield* context.engine.start(context.engine.find(name));
      return name;
    });
  },
};
