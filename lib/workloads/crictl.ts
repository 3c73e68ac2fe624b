// crictl: the kubelet's own view of a node's runtime, on a command line.
import { runCommand } from './exec.ts';
import type { Container } from './container.ts';
import { humanDuration, imageSize, table } from './docker/human.ts';
import { parseOptions, UsageError } from './docker/options.ts';
import { familiarParts } from './docker/commands/images.ts';
import type { ContainerRuntime } from './runtime.ts';
import type { Command } from './sh/index.ts';

const short = (id: string) => id.replace(/^sha256:/, '').slice(0, 13);
const states = { created: 'Created', running: 'Running', exited: 'Exited' } as const;
/** crictl's columns are twenty wide. */
const wide = (rows: readonly (readonly string[])[]) => table(rows, 20);

function find(runtime: ContainerRuntime, id: string): Container | undefined {
  return runtime.containers.find((container) => container.id.startsWith(id));
}

function psText(runtime: ContainerRuntime, all: boolean, now: number): string {
  const shown = runtime.containers.filter(({ state }) => all || state === 'running').sort((a, b) => b.createdAt - a.createdAt);
  const rows = shown.map((container) => {
    const { id, image, createdAt, state, config, pod } = container;
    return [short(id), short(image.id), `${humanDuration(now - createdAt)} ago`, states[state], config.name, String(config.attempt), short(runtime.pods.get(pod.uid)?.sandboxId ?? ''), pod.name, pod.namespace];
  });
  return wide([['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'], ...rows]);
}

function imagesText(runtime: ContainerRuntime): string {
  const rows = runtime.store.all().map((image) => {
    const [, tag] = familiarParts(image);
    return [image.repository, tag, short(image.id), imageSize(image.size)];
  });
  return wide([['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'], ...rows.sort((a, b) => (`${a[0]}:${a[1]}` < `${b[0]}:${b[1]}` ? -1 : 1))]);
}

function podsText(runtime: ContainerRuntime, now: number): string {
  const rows = [...runtime.pods.values()].filter(({ sandboxId }) => sandboxId).map((pod) => [short(pod.sandboxId), `${humanDuration(now - (pod.containers.at(-1)?.createdAt ?? now))} ago`, pod.sandboxReady ? 'Ready' : 'NotReady', pod.name, pod.namespace, String(pod.attempt), '(default)']);
  return wide([['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'], ...rows]);
}

export function crictl(runtime: ContainerRuntime): Command {
  return function* (argv, io) {
    const [name = '', ...rest] = argv.slice(1);
    const { now } = runtime.machine.clock;
    try {
      const options = parseOptions(rest, { all: { short: 'a' }, interactive: { short: 'i' }, tty: { short: 't' } }, { interspersed: name !== 'exec' });
      const [id = '', ...command] = options.rest;
      if (name === 'ps') io.out(psText(runtime, options.has('all'), now));
      else if (name === 'images' || name === 'img') io.out(imagesText(runtime));
      else if (name === 'pods') io.out(podsText(runtime, now));
      else if (name === 'logs' || name === 'exec') {
        const container = find(runtime, id);
        if (!container) {
          io.err(`FATA[0000] rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found\n`);
          return 1;
        }
        if (name === 'logs') io.out(container.readLog());
        else {
          const { stdout, stderr, exitCode, error } = runCommand(container, command, { shell: container.image.shell });
          io.out(stdout);
          io.err(error ? `FATA[0000] execing command in container: ${error}\n` : stderr);
          return exitCode;
        }
      } else {
        io.err(`No help topic for '${name}'\n`);
        return 3;
      }
      return 0;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      io.err(`FATA[0000] ${error.message}\n`);
      return 1;
    }
  };
}
