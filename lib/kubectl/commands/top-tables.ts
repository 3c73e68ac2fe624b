// The tables of `kubectl top` (kubectl/pkg/metricsutil): millicores and whole mebibytes, each cell with its padding.
import { bytes, cpuMilli, type KubeObject, type Version } from '../../api/index.ts';
import { alignRows } from '../text/tabwriter.ts';

type Quantities = Readonly<Record<string, string | undefined>>;

export interface NodeUsage {
  name: string;
  available: Quantities;
  /** Missing: nothing is known of it. */
  usage?: Quantities | undefined;
}

interface Amounts {
  cpu: number;
  memory: number;
}

const MiB = 1024 ** 2;

const amountsOf = ({ cpu = '0', memory = '0' }: Quantities): Amounts => ({ cpu: Math.ceil(cpuMilli(cpu)), memory: bytes(memory) });
const cells = ({ cpu, memory }: Amounts) => [`${cpu}m`, `${Math.floor(memory / MiB)}Mi`];
const percent = (part: number, whole: number) => `${Math.trunc((part / whole) * 100)}%`;
// kubectl ends every cell with a tab, the last one too.
const padded = (rows: readonly string[][]) => alignRows(rows.map((row) => [...row, '']));

/** The most of what is asked for first; otherwise by name. */
const order = (sortBy: string, a: Amounts & { name: string }, b: Amounts & { name: string }) => (sortBy === 'cpu' ? b.cpu - a.cpu : sortBy === 'memory' ? b.memory - a.memory : a.name < b.name ? -1 : 1);

export function nodeTable(nodes: readonly NodeUsage[], { version, sortBy, noHeaders }: { version: Version; sortBy: string; noHeaders: boolean }): string {
  const known = nodes.flatMap(({ name, available, usage }) => (usage ? [{ name, available: amountsOf(available), ...amountsOf(usage) }] : []));
  known.sort((a, b) => order(sortBy, a, b));
  const share = version.has('top-percent-in-parentheses') ? (what: string) => `${what}(%)` : (what: string) => `${what}%`;
  const rows = known.map(({ name, available, ...used }) => {
    const [cpu, memory] = cells(used);
    return [name, cpu!, percent(used.cpu, available.cpu), memory!, percent(used.memory, available.memory)];
  });
  const unknown = nodes.filter(({ usage }) => !usage).map(({ name }) => [name, ...nothing(version)]);
  return padded([...(noHeaders ? [] : [['NAME', 'CPU(cores)', share('CPU'), 'MEMORY(bytes)', share('MEMORY')]]), ...rows, ...unknown]);
}

/** Before it was aligned each cell had three tabs instead of one. */
const nothing = (version: Version) => new Array<string>(4).fill('<unknown>').flatMap((cell) => (version.has('top-unknown-nodes-aligned') ? [cell] : [cell, '', '']));

interface PodTableOptions {
  sortBy: string;
  noHeaders: boolean;
  withNamespace: boolean;
  containers: boolean;
  sum: boolean;
}

export function podTable(metrics: readonly KubeObject[], { sortBy, noHeaders, withNamespace, containers, sum }: PodTableOptions): string {
  const pods = metrics.map((pod) => {
    const inside = (pod['containers'] as { name: string; usage: Quantities }[]).map(({ name, usage }) => ({ name, ...amountsOf(usage) }));
    return { name: pod.metadata.name, namespace: pod.metadata.namespace ?? '', inside, ...total(inside) };
  });
  pods.sort((a, b) => (sortBy === '' && withNamespace && a.namespace !== b.namespace ? (a.namespace < b.namespace ? -1 : 1) : order(sortBy, a, b)));
  const before = (...own: string[]) => (withNamespace ? own : own.slice(1));
  const rows = pods.flatMap(({ name, namespace, inside, ...whole }) => {
    if (!containers) return [[...before(namespace, name), ...cells(whole)]];
    return [...inside].sort((a, b) => order(sortBy, a, b)).map((one) => [...before(namespace, name), one.name, ...cells(one)]);
  });
  const header = [...before('NAMESPACE'), ...(containers ? ['POD'] : []), 'NAME', 'CPU(cores)', 'MEMORY(bytes)'];
  const empty = new Array<string>(header.length - 2).fill('');
  const sums = sum ? [[...empty, '________', '________'], [...empty, ...cells(total(pods))]] : [];
  return padded([...(noHeaders ? [] : [header]), ...rows, ...sums]);
}

const total = (all: readonly Amounts[]): Amounts => ({ cpu: all.reduce((sum, { cpu }) => sum + cpu, 0), memory: all.reduce((sum, { memory }) => sum + memory, 0) });
