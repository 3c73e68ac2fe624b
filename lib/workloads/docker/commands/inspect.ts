// docker inspect, version, info, port.
import { timestamp } from '../../../sim/index.ts';
import type { Image } from '../../images.ts';
import { type DockerContainer, isRunning } from '../container.ts';
import { DaemonError, type DockerEngine } from '../engine.ts';
import { fill } from '../template.ts';
import { type DockerCommand, Failure } from './command.ts';
import { binarySize } from '../human.ts';

const time = (milliseconds: number) => (milliseconds ? timestamp(milliseconds).replace('Z', '.000000000Z') : '0001-01-01T00:00:00Z');
const list = (env: Readonly<Record<string, string>>) => Object.entries(env).map(([name, value]) => `${name}=${value}`);
const portSet = (ports: readonly string[]) => (ports.length > 0 ? { ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])) } : {});

function containerObject(made: DockerContainer, engine: DockerEngine): object {
  const { container, request, image } = made;
  const pod = made.uid ? engine.runtime.pods.get(made.uid) : undefined;
  const argv = container?.argv ?? [...image.entrypoint, ...(request.command.length > 0 ? request.command : image.cmd)];
  return {
    Id: made.id,
    Created: time(made.createdAt),
    Path: argv[0] ?? '',
    Args: argv.slice(1),
    State: { Status: container?.state ?? 'created', Running: isRunning(made), Paused: false, Restarting: false, OOMKilled: container?.reason === 'OOMKilled', Dead: false, Pid: isRunning(made) ? container!.pid : 0, ExitCode: container?.exitCode ?? 0, Error: '', StartedAt: time(container?.startedAt ?? 0), FinishedAt: time(container?.finishedAt ?? 0) },
    Image: image.id,
    Name: `/${made.name}`,
    RestartCount: 0,
    Driver: 'overlay2',
    HostConfig: { Binds: request.volumes.length > 0 ? request.volumes.map(({ source, target, readOnly }) => `${source}:${target}${readOnly ? ':ro' : ''}`) : null, NetworkMode: request.hostNetwork ? 'host' : 'bridge', PortBindings: Object.fromEntries(request.ports.map(({ hostPort, port, protocol }) => [`${port}/${protocol}`, [{ HostIp: '', HostPort: String(hostPort) }]])), AutoRemove: request.autoRemove, Privileged: request.privileged, ReadonlyRootfs: request.readOnly, Memory: request.memory ?? 0, NanoCpus: Math.round((request.cpus ?? 0) * 1e9) },
    GraphDriver: { Data: overlay(made), Name: 'overlay2' },
    Config: { Hostname: request.hostname ?? made.id.slice(0, 12), User: request.user ?? image.user ?? '', ...portSet(image.ports), Env: list({ ...request.env, ...image.env }), Cmd: request.command.length > 0 ? request.command : image.cmd, Image: request.image, WorkingDir: request.workingDir ?? image.workingDir ?? '', Entrypoint: request.entrypoint ?? (image.entrypoint.length > 0 ? image.entrypoint : null) },
    NetworkSettings: { Gateway: pod?.sandboxReady ? engine.bridge.gateway : '', IPAddress: pod?.sandboxReady ? pod.ip : '', IPPrefixLen: pod?.sandboxReady ? 16 : 0 },
  };
}

/** Where the layers lie: those of the image below, one to write to above, and what they look like as one. */
function overlay({ id, image }: DockerContainer): Record<string, string> {
  const place = (digest: string) => `/var/lib/docker/overlay2/${digest.replace(/^sha256:/, '')}`;
  return { LowerDir: [...image.layers].reverse().map(({ digest }) => `${place(digest)}/diff`).join(':'), MergedDir: `${place(id)}/merged`, UpperDir: `${place(id)}/diff`, WorkDir: `${place(id)}/work` };
}

function imageObject(image: Image, engine: DockerEngine): object {
  const names = engine.store.all().filter(({ id }) => id === image.id && !engine.store.isDangling(image));
  return {
    Id: image.id,
    RepoTags: names.filter(({ name }) => !name.includes('@')).map(({ familiar }) => familiar),
    RepoDigests: names.filter((one) => engine.published(one)).map((one) => `${one.familiar.replace(/(:[^/:]*|@.*)$/, '')}@${one.digest}`),
    Created: time(image.created),
    Config: { User: image.user ?? '', ...portSet(image.ports), Env: list(image.env), Cmd: image.cmd.length > 0 ? image.cmd : null, WorkingDir: image.workingDir ?? '', Entrypoint: image.entrypoint.length > 0 ? image.entrypoint : null },
    Architecture: 'amd64',
    Os: 'linux',
    Size: image.layers.reduce((sum, { unpacked }) => sum + unpacked, 0),
    RootFS: { Type: 'layers', Layers: image.layers.map(({ digest }) => digest) },
  };
}

export const inspect: DockerCommand = {
  usage: 'docker inspect [OPTIONS] NAME|ID [NAME|ID...]',
  short: 'Return low-level information on Docker objects',
  flags: { format: { short: 'f', value: true }, type: { value: true }, size: { short: 's' } },
  min: 1,
  *run({ engine, args, options, io }) {
    const found: object[] = [];
    let missing: string | undefined;
    for (const name of args) {
      const object = objectOf(name, engine, options.get('type'));
      if (object) found.push(object);
      else missing ??= name;
    }
    const format = options.get('format');
    if (format) io.out(found.map((object) => `${fill(format, object)}\n`).join(''));
    else io.out(`${JSON.stringify(found, undefined, 4)}\n`);
    if (missing !== undefined) throw new Failure(engine.release.buildKit ? `error: no such object: ${missing}` : `Error: No such object: ${missing}`);
  },
};

function objectOf(name: string, engine: DockerEngine, type: string | undefined): object | undefined {
  try {
    if (type !== 'image') return containerObject(engine.find(name), engine);
  } catch (error) {
    if (!(error instanceof DaemonError)) throw error;
  }
  const image = type === 'container' ? undefined : engine.image(name);
  return image && imageObject(image, engine);
}

export const port: DockerCommand = {
  usage: 'docker port CONTAINER [PRIVATE_PORT[/PROTO]]',
  short: 'List port mappings or a specific mapping for the container',
  min: 1,
  max: 2,
  *run({ engine, args, io }) {
    const made = engine.find(args[0]!);
    for (const { hostPort, port, protocol } of isRunning(made) ? made.request.ports : []) for (const host of ['0.0.0.0', '[::]']) io.out(`${port}/${protocol} -> ${host}:${hostPort}\n`);
  },
};

export const info: DockerCommand = {
  usage: 'docker info [OPTIONS]',
  short: 'Display system-wide information',
  flags: { format: { short: 'f', value: true } },
  max: 0,
  *run({ engine, io, options }) {
    const { os, cpus, memory, hostname } = engine.machine;
    const data = { Containers: engine.containers.length, ContainersRunning: engine.containers.filter(isRunning).length, Images: new Set(engine.store.all().map(({ id }) => id)).size, ServerVersion: engine.release.version, Driver: 'overlay2', CgroupDriver: engine.cgroupDriver ?? (os.cgroup === 2 ? 'systemd' : 'cgroupfs'), CgroupVersion: String(os.cgroup), KernelVersion: os.kernel, OperatingSystem: os.image, OSType: 'linux', Architecture: 'x86_64', NCPU: cpus, MemTotal: memory, Name: hostname, DockerRootDir: '/var/lib/docker' };
    const format = options.get('format');
    if (format) return void io.out(`${fill(format, data)}\n`);
    const username = engine.logins.get('docker.io')?.username;
    io.out(`Client:\n Version:    ${engine.release.version}\n Context:    default\n\nServer:\n Containers: ${data.Containers}\n  Running: ${data.ContainersRunning}\n  Paused: 0\n  Stopped: ${data.Containers - data.ContainersRunning}\n Images: ${data.Images}\n Server Version: ${data.ServerVersion}\n Storage Driver: overlay2\n Cgroup Driver: ${data.CgroupDriver}\n Cgroup Version: ${data.CgroupVersion}\n Kernel Version: ${data.KernelVersion}\n Operating System: ${data.OperatingSystem}\n OSType: linux\n Architecture: x86_64\n CPUs: ${data.NCPU}\n Total Memory: ${binarySize(memory)}\n Name: ${data.Name}\n Docker Root Dir: /var/lib/docker\n${username ? ` Username: ${username}\n` : ''}`);
  },
};

export const version: DockerCommand = {
  usage: 'docker version [OPTIONS]',
  short: 'Show the Docker version information',
  flags: { format: { short: 'f', value: true } },
  max: 0,
  *run({ engine, io, options }) {
    const data = { Client: { Version: engine.release.version }, Server: { Version: engine.release.version } };
    io.out(options.get('format') ? `${fill(options.get('format')!, data)}\n` : `Client:\n Version:           ${engine.release.version}\n\nServer:\n Engine:\n  Version:          ${engine.release.version}\n`);
  },
};
