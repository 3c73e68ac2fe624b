// NodeMetrics and PodMetrics as metrics.k8s.io/v1beta1 shows them, and their tables (pkg/api).
import type { Release } from './releases.ts';
import { goDuration } from './log.ts';
import type { Usage } from './storage.ts';

type Json = Record<string, any>;

export const group = 'metrics.k8s.io';
export const groupVersion = `${group}/v1beta1`;

const time = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** `2500u`: nanocores in the largest unit that needs no fraction. */
function cpuQuantity(nano: number): string {
  if (nano === 0) return '0';
  let value = nano;
  for (const unit of ['n', 'u', 'm', '']) {
    if (value % 1000 !== 0 || unit === '') return `${value}${unit}`;
    value /= 1000;
  }
  return String(value);
}

function memoryQuantity(bytes: number): string {
  let value = bytes;
  for (const unit of ['', 'Ki', 'Mi', 'Gi', 'Ti']) {
    if (value === 0 || value % 1024 !== 0 || unit === 'Ti') return `${value}${unit}`;
    value /= 1024;
  }
  return String(value);
}

const usageOf = ({ cpu, memory }: Pick<Usage, 'cpu' | 'memory'>) => ({ cpu: cpuQuantity(cpu), memory: memoryQuantity(memory) });

interface Metadata {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
}

/** Until v0.4 without the labels. */
const metadataOf = ({ name, namespace, labels }: Metadata, { minor }: Release, now: number) => ({ name, ...(namespace && { namespace }), creationTimestamp: time(now), ...(minor >= 5 && labels && { labels }) });

export function nodeMetrics(metadata: Metadata, usage: Usage, { release, now }: { release: Release; now: number }): Json {
  return { kind: 'NodeMetrics', apiVersion: groupVersion, metadata: metadataOf(metadata, release, now), timestamp: time(usage.timestamp), window: goDuration(usage.window), usage: usageOf(usage) };
}

export function podMetrics(metadata: Metadata, containers: ReadonlyMap<string, Usage>, { release, now }: { release: Release; now: number }): Json {
  const earliest = [...containers.values()].reduce((first, one) => (one.timestamp < first.timestamp ? one : first));
  return {
    kind: 'PodMetrics',
    apiVersion: groupVersion,
    metadata: metadataOf(metadata, release, now),
    timestamp: time(earliest.timestamp),
    window: goDuration(earliest.window),
    containers: [...containers].map(([name, usage]) => ({ name, usage: usageOf(usage) })),
  };
}

/** What a table shows of an object: its usage, summed over containers. */
export interface Row {
  object: Json;
  usages: readonly Usage[];
}

/** Nothing has columns where there is nothing. */
export function table(rows: readonly Row[], { minor }: Release, include: string): Json {
  const column = (name: string, format: string, description = '') => ({ name, type: 'string', format, description, priority: 0 });
  const sum = (usages: readonly Usage[], of: (one: Usage) => number) => usages.reduce((total, one) => total + of(one), 0);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {},
    columnDefinitions: rows.length === 0 ? [] : [column('Name', 'name', minor >= 4 ? 'Name of the resource' : ''), column('cpu', 'quantity'), column('memory', 'quantity'), column('Window', 'duration')],
    rows: rows.map(({ object, usages }) => {
      const { cpu, memory } = usageOf({ cpu: sum(usages, (one) => one.cpu), memory: sum(usages, (one) => one.memory) });
      return { cells: [object['metadata'].name, cpu, memory, object['window']], object: include === 'Object' ? object : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object['metadata'] } };
    }),
  };
}
