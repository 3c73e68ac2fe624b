// crictl on a node: what the container runtime itself has, whatever the API server says.
// Differs from crictl: ps, pods, images, inspect, logs and stop only; stop ends a container at once, as its default timeout says.
import type { Version } from '../api/index.ts';
import type { ContainerRecord, Machine, PodRecord } from '../machine/index.ts';
import { timestamp } from '../sim/index.ts';
import { type Command, type ContainerRuntime, humanDuration, imageSize } from '../workloads/index.ts';
import type { CriCall } from './calls.ts';

type Row = readonly string[];
interface Output {
  out?: string;
  err?: string;
}

export interface CrictlParts {
  machine: Machine;
  runtime: ContainerRuntime;
  version: Version;
  criCalls: readonly CriCall[];
}

export function crictlOn({ machine, runtime, version, criCalls }: CrictlParts): Command {
  const now = () => machine.clock.now;
  const commands: Record<string, (args: readonly string[]) => Output> = {
    ps: (args) => containers(runtime, { now: now(), version, everything: args.some((arg) => /^-\w*a|^--all$/.test(arg)), quiet: args.some((arg) => /^-\w*q|^--quiet$/.test(arg)) }),
    pods: () => pods(runtime, now(), criCalls),
    images: () => images(runtime),
    inspect: ([id = '']) => withContainer(runtime, id, (record, pod) => ({ out: `${JSON.stringify({ status: statusOf(record, pod) }, null, 2)}\n` })),
    logs: (args) => withContainer(runtime, args.at(-1) ?? '', ({ id }) => ({ out: runtime.logs(id) })),
    stop: ([id = '']) => withContainer(runtime, id, (record) => (runtime.kill(record.id), { out: `${id}\n` })),
  };
  return function* (argv, io) {
    const [name = '', ...args] = argv.slice(1);
    const command = commands[name];
    const { out = '', err = '' } = command ? command(args) : { err: `No help topic for '${name}'\n` };
    io.out(out);
    io.err(err);
    return err ? 1 : 0;
  };
}

const all = (runtime: ContainerRuntime) => [...runtime.pods.values()].flatMap((pod) => pod.containers.map((record) => ({ pod: pod as PodRecord, record: record as ContainerRecord })));
const short = (id: string) => id.replace(/^sha256:/, '').slice(0, 13);
const state = (text: string) => text[0]!.toUpperCase() + text.slice(1);

function containers(runtime: ContainerRuntime, { now, version, everything, quiet }: { now: number; version: Version; everything: boolean; quiet: boolean }): Output {
  const found = all(runtime).filter(({ record }) => everything || record.state === 'running').sort((a, b) => b.record.createdAt - a.record.createdAt);
  if (quiet) return { out: found.map(({ record }) => `${record.id}\n`).join('') };
  const columns = version.has('crictl-namespace') ? 9 : version.has('crictl-pod-name') ? 8 : 7;
  const rows = found.map(({ pod, record }) => [short(record.id), short(record.config.image.id), `${humanDuration(now - record.createdAt)} ago`, state(record.state), record.config.name, String(record.config.attempt), short(pod.sandboxId), pod.name, pod.namespace]);
  const head = ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'];
  return table(head.slice(0, columns), rows.map((row) => row.slice(0, columns)));
}

function pods(runtime: ContainerRuntime, now: number, criCalls: readonly CriCall[]): Output {
  const madeAt = ({ namespace, name }: PodRecord) => criCalls.findLast(({ call, pod }) => call === 'RunPodSandbox' && pod === `${namespace}/${name}`)?.time ?? now;
  const found = [...runtime.pods.values()].filter(({ sandboxId }) => sandboxId).sort((a, b) => madeAt(b) - madeAt(a));
  return table(['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'], found.map((pod) => [short(pod.sandboxId), `${humanDuration(now - madeAt(pod))} ago`, pod.sandboxReady ? 'Ready' : 'NotReady', pod.name, pod.namespace, String(pod.attempt), '(default)']));
}

function images(runtime: ContainerRuntime): Output {
  const rows = runtime.images().map(({ repoTags: [tag = ''], id, size }) => [...splitTag(tag), short(id), imageSize(size)]);
  return table(['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'], rows.sort((a, b) => (a[0]! < b[0]! ? -1 : 1)));
}

function splitTag(name: string): [string, string] {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? [name.slice(0, colon), name.slice(colon + 1)] : [name, '<none>'];
}

function withContainer(runtime: ContainerRuntime, id: string, run: (record: ContainerRecord, pod: PodRecord) => Output): Output {
  const found = id ? all(runtime).find(({ record }) => record.id.startsWith(id)) : undefined;
  return found ? run(found.record, found.pod) : { err: `E0101 remote_runtime.go:655] "ContainerStatus from runtime service failed" err="rpc error: code = NotFound desc = an error occurred when try to find container ${JSON.stringify(id)}: not found" containerID="${id}"\n` };
}

function statusOf({ id, config, createdAt, startedAt, finishedAt, exitCode, reason, message, ...record }: ContainerRecord, pod: PodRecord): object {
  const time = (at: number) => (at ? timestamp(at) : '0001-01-01T00:00:00Z');
  return {
    id,
    metadata: { attempt: config.attempt, name: config.name },
    state: `CONTAINER_${record.state.toUpperCase()}`,
    createdAt: time(createdAt),
    startedAt: time(startedAt),
    finishedAt: time(finishedAt),
    exitCode,
    reason,
    message,
    image: { image: config.image.name },
    imageRef: config.image.ref,
    labels: { 'io.kubernetes.container.name': config.name, 'io.kubernetes.pod.name': pod.name, 'io.kubernetes.pod.namespace': pod.namespace, 'io.kubernetes.pod.uid': pod.uid },
    logPath: `/var/log/pods/${pod.namespace}_${pod.name}_${pod.uid}/${config.name}/${config.attempt}.log`,
  };
}

/** Columns are 20 wide at least and three apart, as crictl's tabwriter sets them. */
function table(head: Row, rows: readonly Row[]): Output {
  const widths = head.map((_, i) => Math.max(20, ...[head, ...rows].map((row) => row[i]!.length + 3)));
  return { out: [head, ...rows].map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!))).join('')}\n`).join('') };
}
