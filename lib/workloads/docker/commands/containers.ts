// Commands for containers that are there: ps, exec, logs, stop, kill, rm, top, diff, stats, port, rename.
import { type Inode, resolvePath } from '../../../machine/index.ts';
import { missingCommand } from '../../exec.ts';
import { processesOnHost } from '../../processes.ts';
import { difference, whiteout } from '../../layers.ts';
import { imageFiles } from '../../root/image-files.ts';
import { ExitShell, Shell } from '../../sh/index.ts';
import { type DockerContainer, isRunning, shortId, statusText } from '../container.ts';
import { DaemonError } from '../engine.ts';
import { binarySize, humanDuration, imageSize, shorten, table } from '../human.ts';
import { fill } from '../template.ts';
import { type Context, type DockerCommand, each, Failure } from './command.ts';
import { bytesIn } from '../../layers.ts';

const commandOf = ({ request, image, container }: DockerContainer) => (container?.argv ?? [...image.entrypoint, ...(request.command.length > 0 ? request.command : image.cmd)]).join(' ');

function portsOf(made: DockerContainer): string {
  if (!isRunning(made)) return '';
  const mapped = made.request.ports.flatMap(({ hostPort, port, protocol }) => [`0.0.0.0:${hostPort}->${port}/${protocol}`, `[::]:${hostPort}->${port}/${protocol}`]);
  const open = made.image.ports.filter((port) => !made.request.ports.some((one) => `${one.port}/${one.protocol}` === port));
  return [...open, ...mapped].join(', ');
}

/** Bytes in the layer that only this container writes to. */
function writtenBytes(made: DockerContainer): number {
  const layer = upperOf(made);
  return layer ? bytesIn(layer) : 0;
}

function upperOf(made: DockerContainer) {
  const root = made.container?.filesUsed ? made.container.root : made.root;
  return root && difference(imageFiles(made.image), root);
}

export const ps: DockerCommand = {
  usage: 'docker ps [OPTIONS]',
  short: 'List containers',
  flags: { all: { short: 'a' }, quiet: { short: 'q' }, size: { short: 's' }, 'no-trunc': {}, filter: { short: 'f', value: true }, format: { value: true }, latest: { short: 'l' } },
  max: 0,
  *run({ engine, options, io }) {
    const filters = options.all('filter').map((text) => text.split('=') as [string, string]);
    const shown = engine.all.filter((made) => (options.has('all') || options.has('latest') || filters.some(([key]) => key === 'status') || isRunning(made)) && filters.every(([key, value]) => (key === 'name' ? made.name.includes(value) : key === 'status' ? (made.container?.state ?? 'created') === value : key === 'ancestor' ? made.request.image === value : true)));
    if (options.has('latest')) shown.splice(1);
    if (options.has('quiet')) return void io.out(shown.map(({ id }) => `${options.has('no-trunc') ? id : shortId(id)}\n`).join(''));
    const rows = shown.map((made) => ({
      ID: options.has('no-trunc') ? made.id : shortId(made.id),
      Image: made.request.image,
      Command: `"${options.has('no-trunc') ? commandOf(made) : shorten(commandOf(made), 20)}"`,
      RunningFor: `${humanDuration(engine.now - made.createdAt)} ago`,
      Status: statusText(made, engine.now),
      State: made.container?.state ?? 'created',
      Ports: portsOf(made),
      Names: made.name,
      Size: `${imageSize(writtenBytes(made))} (virtual ${imageSize(writtenBytes(made) + made.image.layers.reduce((sum, { unpacked }) => sum + unpacked, 0))})`,
    }));
    const format = options.get('format');
    if (format) return void io.out(rows.map((row) => `${fill(format.replace(/^table /, ''), row)}\n`).join(''));
    const size = options.has('size');
    io.out(table([['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES', ...(size ? ['SIZE'] : [])], ...rows.map((row) => [row.ID, row.Image, row.Command, row.RunningFor, row.Status, row.Ports, row.Names, ...(size ? [row.Size] : [])])]));
  },
};

function running({ engine }: Context, name: string): DockerContainer {
  const made = engine.find(name);
  if (!isRunning(made)) throw new DaemonError(engine.release.buildKit ? `container ${made.id} is not running` : `Container ${made.id} is not running`);
  return made;
}

export const exec: DockerCommand = {
  usage: 'docker exec [OPTIONS] CONTAINER COMMAND [ARG...]',
  short: 'Execute a command in a running container',
  flags: { interactive: { short: 'i' }, tty: { short: 't' }, detach: { short: 'd' }, env: { short: 'e', value: true }, workdir: { short: 'w', value: true }, user: { short: 'u', value: true }, privileged: {} },
  min: 2,
  ordered: true,
  *run(context) {
    const { args, io, options, engine } = context;
    const [name = '', ...command] = args;
    const container = running(context, name).container!;
    const problem = missingCommand(command, { shell: container.image.shell, tools: container.tools });
    if (problem) throw new Failure(`OCI runtime exec failed: exec failed: ${engine.release.buildKit ? 'unable to start container process' : 'container_linux.go:370: starting container process caused'}: ${problem}: unknown`, 127);
    const shell = new Shell(container);
    for (const pair of options.all('env')) shell.variables.set(...(pair.split(/=(.*)/s, 2) as [string, string]));
    const directory = options.get('workdir');
    if (directory) shell.cwd = directory;
    try {
      return yield* shell.command(command, { stdin: options.has('interactive') ? io.stdin : '', out: io.out, err: io.err });
    } catch (error) {
      if (error instanceof ExitShell) return error.status;
      throw error;
    }
  },
};

export const logs: DockerCommand = {
  usage: 'docker logs [OPTIONS] CONTAINER',
  short: 'Fetch the logs of a container',
  flags: { tail: { short: 'n', value: true }, timestamps: { short: 't' }, follow: { short: 'f' } },
  min: 1,
  max: 1,
  *run({ engine, args, options, io }) {
    const tail = options.get('tail');
    io.out(engine.find(args[0]!).container?.readLog({ ...(tail && tail !== 'all' && { tailLines: Number(tail) }), ...(options.has('timestamps') && { timestamps: true }) }) ?? '');
  },
};

function stopWith(grace: (context: Context) => number): DockerCommand['run'] {
  return function* (context) {
    return yield* each(context, function* (name) {
      const made = context.engine.find(name);
      made.container?.stop(grace(context));
      while (isRunning(made)) yield 50;
      return name;
    });
  };
}

export const stop: DockerCommand = {
  usage: 'docker stop [OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Stop one or more running containers',
  flags: { time: { short: 't', value: true }, timeout: { value: true }, signal: { short: 's', value: true } },
  min: 1,
  run: stopWith(({ options }) => Number(options.get('timeout') ?? options.get('time') ?? 10) * 1000),
};

export const restart: DockerCommand = {
  usage: 'docker restart [OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Restart one or more containers',
  flags: { time: { short: 't', value: true } },
  min: 1,
  *run(context) {
    yield* stop.run({ ...context, io: { ...context.io, out: () => {} } });
    return yield* each(context, function* (name) {
      yield* context.engine.start(context.engine.find(name));
      return name;
    });
  },
};

export const kill: DockerCommand = {
  usage: 'docker kill [OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Kill one or more running containers',
  flags: { signal: { short: 's', value: true } },
  min: 1,
  *run(context) {
    const signal = context.options.get('signal') ?? 'KILL';
    return yield* each(context, function* (name) {
      const made = context.engine.find(name);
      if (!isRunning(made)) throw new DaemonError(context.engine.release.buildKit ? `cannot kill container: ${name}: container ${made.id} is not running` : `Cannot kill container: ${name}: Container ${made.id} is not running`);
      if (/^(SIG)?KILL$|^9$/.test(signal)) made.container!.end(137, 'Error');
      else made.container!.terminate();
      yield 20;
      return name;
    });
  },
};

export const rm: DockerCommand = {
  usage: 'docker rm [OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Remove one or more containers',
  flags: { force: { short: 'f' }, volumes: { short: 'v' } },
  min: 1,
  *run(context) {
    const { engine, options } = context;
    return yield* each(context, (name) => {
      const made = engine.find(name);
      if (isRunning(made) && !options.has('force')) {
        throw new DaemonError(engine.release.buildKit ? `cannot remove container "${made.name}": container is running: stop the container before removing or force remove` : `You cannot remove a running container ${made.id}. Stop the container before attempting removal or force remove`);
      }
      made.container?.end(137, 'Error');
      engine.remove(made);
      return name;
    });
  },
};

export const top: DockerCommand = {
  usage: 'docker top CONTAINER [ps OPTIONS]',
  short: 'Display the running processes of a container',
  min: 1,
  *run(context) {
    const { io, args } = context;
    const { container } = running(context, args[0]!);
    const rows = processesOnHost(container!).map(({ pid, parent, command, user }) => [user.padEnd(20), String(pid).padEnd(20), String(parent).padEnd(20), '0'.padEnd(20), '00:00'.padEnd(20), '?'.padEnd(20), '00:00:00'.padEnd(20), command].join(''));
    io.out(`${['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME'].map((word) => word.padEnd(20)).join('')}CMD\n${rows.map((row) => `${row}\n`).join('')}`);
  },
};

/** `A`dded, `C`hanged, `D`eleted, path by path. */
export const diff: DockerCommand = {
  usage: 'docker diff CONTAINER',
  short: "Inspect changes to files or directories on a container's filesystem",
  min: 1,
  max: 1,
  *run({ engine, args, io }) {
    const made = engine.find(args[0]!);
    const layer = upperOf(made);
    const lines: string[] = [];
    const visit = (entries: ReadonlyMap<string, Inode>, below: Inode | undefined, path: string) => {
      for (const [name, inode] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (name.startsWith(whiteout)) {
          lines.push(`D ${path}/${name.slice(whiteout.length)}`);
          continue;
        }
        const old = below?.kind === 'directory' ? below.entries.get(name) : undefined;
        lines.push(`${old ? 'C' : 'A'} ${path}/${name}`);
        if (inode.kind === 'directory') visit(inode.entries, old, `${path}/${name}`);
      }
    };
    if (layer) visit(layer.entries, imageFiles(made.image), '');
    io.out(lines.map((line) => `${line}\n`).join(''));
  },
};

export const stats: DockerCommand = {
  usage: 'docker stats [OPTIONS] [CONTAINER...]',
  short: 'Display a live stream of container(s) resource usage statistics',
  flags: { 'no-stream': {}, all: { short: 'a' }, format: { value: true }, 'no-trunc': {} },
  *run(context) {
    const { engine, args, io, options } = context;
    const shown = args.length > 0 ? args.map((name) => engine.find(name)) : engine.all.filter(isRunning);
    const rows = shown.map((made) => {
      const { container, request } = made;
      const limit = request.memory ?? engine.machine.memory;
      const memory = container?.memory ?? 0;
      return {
        ID: shortId(made.id),
        Name: made.name,
        CPUPerc: `${((isRunning(made) ? container!.cpu.rate : 0) * 100).toFixed(2)}%`,
        MemUsage: isRunning(made) ? `${binarySize(memory)} / ${binarySize(limit)}` : '0B / 0B',
        MemPerc: `${((memory / limit) * 100).toFixed(2)}%`,
        NetIO: '0B / 0B',
        BlockIO: '0B / 0B',
        PIDs: String(isRunning(made) ? processesOnHost(container!).length : 0),
      };
    });
    const format = options.get('format');
    if (format) return void io.out(rows.map((row) => `${fill(format.replace(/^table /, ''), row)}\n`).join(''));
    io.out(table([['CONTAINER ID', 'NAME', 'CPU %', 'MEM USAGE / LIMIT', 'MEM %', 'NET I/O', 'BLOCK I/O', 'PIDS'], ...rows.map((row) => Object.values(row))]));
  },
};

export const wait: DockerCommand = {
  usage: 'docker wait CONTAINER [CONTAINER...]',
  short: 'Block until one or more containers stop, then print their exit codes',
  min: 1,
  *run(context) {
    return yield* each(context, function* (name) {
      const made = context.engine.find(name);
      while (isRunning(made)) yield 100;
      return String(made.container?.exitCode ?? 0);
    });
  },
};

export const cp: DockerCommand = {
  usage: 'docker cp [OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH',
  short: 'Copy files/folders between a container and the local filesystem',
  min: 2,
  max: 2,
  *run({ engine, args, shell, io }) {
    const place = (text: string) => {
      const [name, path] = text.includes(':') ? (text.split(/:(.*)/s, 2) as [string, string]) : [undefined, text];
      if (name === undefined) return { files: shell.process.files, path: resolvePath(path!, shell.cwd) };
      const made = engine.find(name);
      if (!made.container) throw new DaemonError(`No such container: ${name}`);
      return { files: made.container.files, path: resolvePath(path!) };
    };
    const [from, to] = [place(args[0]!), place(args[1]!)];
    const text = from.files.read(from.path);
    if (text === undefined) throw new Failure(args[0]!.includes(':') ? `Error response from daemon: Could not find the file ${from.path} in container ${args[0]!.split(':')[0]}` : `lstat ${from.path}: no such file or directory`);
    const target = to.files.isDirectory(to.path) ? `${to.path === '/' ? '' : to.path}/${from.path.replace(/.*\//, '')}` : to.path;
    to.files.write(target, text);
    const said = `Successfully copied ${imageSize(Math.max(1, Math.ceil(text.length / 512) + 3) * 512)} to ${args[1]!.includes(':') ? `${args[1]!.split(':')[0]}:${to.path}` : to.path}\n`;
    if (engine.release.buildKit) io.err(said);
  },
};
