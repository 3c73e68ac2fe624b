// What a kubelet told at one moment, read from /metrics/resource or /stats/summary (pkg/scraper/client).

export interface Point {
  /** Milliseconds; 0 when the kubelet does not tell. */
  startTime: number;
  timestamp: number;
  /** Nanoseconds of CPU time since the start. */
  cpu: number;
  /** Nanocores as the kubelet computed them, which only the summary has. */
  rate?: number;
  memory: number;
}

export interface Batch {
  nodes: Map<string, Point>;
  /** `namespace/name` → container → point. */
  pods: Map<string, Map<string, Point>>;
}

export const emptyBatch = (): Batch => ({ nodes: new Map(), pods: new Map() });

const fresh = (): Point => ({ startTime: 0, timestamp: 0, cpu: 0, memory: 0 });
const line = /^([a-z_]+)(?:\{([^}]*)\})? (\S+)(?: (\d+))?$/gm;

/** The text of /metrics/resource. What has used no CPU or no memory at all is left out, with its whole pod. */
export function fromMetrics(text: string, nodeName: string, now: number): Batch {
  const batch = emptyBatch();
  const node = fresh();
  for (const [, name = '', labels, number, time] of text.matchAll(line)) {
    const value = Number(number);
    const timestamp = Number(time ?? now);
    if (name === 'node_cpu_usage_seconds_total') Object.assign(node, { cpu: Math.trunc(value * 1e9), timestamp });
    else if (name === 'node_memory_working_set_bytes') Object.assign(node, { memory: value, timestamp });
    else if (labels && name.startsWith('container_')) {
      const point = containerOf(batch, labels);
      if (name === 'container_cpu_usage_seconds_total') Object.assign(point, { cpu: Math.trunc(value * 1e9), timestamp });
      else if (name === 'container_memory_working_set_bytes') Object.assign(point, { memory: value, timestamp });
      else if (name === 'container_start_time_seconds') point.startTime = Math.round(value * 1000);
    }
  }
  if (node.cpu && node.memory) batch.nodes.set(nodeName, node);
  for (const [pod, containers] of batch.pods) if ([...containers.values()].some(({ cpu, memory }) => !cpu || !memory)) batch.pods.delete(pod);
  return batch;
}

function containerOf({ pods }: Batch, labels: string): Point {
  const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
  const key = `${label('namespace')}/${label('pod')}`;
  let pod = pods.get(key);
  if (!pod) pods.set(key, (pod = new Map()));
  const name = label('container');
  let point = pod.get(name);
  if (!point) pod.set(name, (point = fresh()));
  return point;
}

interface Stats {
  startTime: string;
  cpu: { time: string; usageNanoCores: number; usageCoreNanoSeconds: number };
  memory: { workingSetBytes: number };
}

/** The JSON of /stats/summary. */
export function fromSummary(text: string, nodeName: string): Batch {
  const batch = emptyBatch();
  const { node, pods } = JSON.parse(text) as { node: Stats; pods: { podRef: { namespace: string; name: string }; containers: (Stats & { name: string })[] }[] };
  const pointOf = ({ startTime, cpu, memory }: Stats): Point => ({ startTime: Date.parse(startTime), timestamp: Date.parse(cpu.time), cpu: cpu.usageCoreNanoSeconds, rate: cpu.usageNanoCores, memory: memory.workingSetBytes });
  batch.nodes.set(nodeName, pointOf(node));
  for (const { podRef, containers } of pods) batch.pods.set(`${podRef.namespace}/${podRef.name}`, new Map(containers.map((one) => [one.name, pointOf(one)])));
  return batch;
}
