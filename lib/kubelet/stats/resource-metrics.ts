// GET /metrics/resource: CPU time and memory as Prometheus reads them (pkg/kubelet/metrics/collectors/resource_metrics.go, KEP-727).
// Differs from Kubernetes: nothing about swap.
import type { Version } from '../../api/index.ts';
import type { NodeStats, PodStats } from './usage.ts';

interface Sample {
  labels?: string;
  value: number;
  /** Milliseconds. */
  at?: number;
}

interface Series {
  name: string;
  type: 'counter' | 'gauge';
  help: string;
  samples: Sample[];
  stable?: boolean;
}

/** As Go's strconv writes a number with the shortest digits: from a million on with an exponent. */
export function goNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e6) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Which resource metrics a release has, and where: before v1.18 below a version of their own. */
export const resourceMetricsPath = (version: Version): string => (version.has('resource-metrics-path') ? '/metrics/resource' : '/metrics/resource/v1alpha1');

export function resourceMetrics({ node, pods, version, now }: { node: NodeStats; pods: readonly PodStats[]; version: Version; now: number }): string {
  const total = version.has('resource-metrics-total');
  const cpu = (what: string, samples: Sample[]): Series => ({ name: `${what}_cpu_usage_seconds${total ? '_total' : ''}`, type: total ? 'counter' : 'gauge', help: `Cumulative cpu time consumed by the ${what} in core-seconds`, samples });
  const memory = (what: string, samples: Sample[]): Series => ({ name: `${what}_memory_working_set_bytes`, type: 'gauge', help: `Current working set of the ${what} in bytes`, samples });
  const containers = pods.flatMap((pod) => pod.containers.map((one) => ({ one, labels: `{container="${one.name}",namespace="${pod.namespace}",pod="${pod.name}"}` })));
  const ofPod = (of: (pod: PodStats) => number) => pods.map((pod): Sample => ({ labels: `{namespace="${pod.namespace}",pod="${pod.name}"}`, value: of(pod), at: now }));
  const all: Series[] = [
    cpu('container', containers.map(({ one, labels }) => ({ labels, value: one.cpu / 1e9, at: now }))),
    memory('container', containers.map(({ one, labels }) => ({ labels, value: one.memory, at: now }))),
    ...(version.has('container-start-time-metric') ? [{ name: 'container_start_time_seconds', type: 'gauge' as const, help: 'Start time of the container since unix epoch in seconds', samples: containers.map(({ one, labels }) => ({ labels, value: one.startedAt / 1000 })) }] : []),
    cpu('node', [{ value: node.cpu / 1e9, at: now }]),
    memory('node', [{ value: node.memory, at: now }]),
    ...(total ? [cpu('pod', ofPod((pod) => pod.cpu / 1e9)), memory('pod', ofPod((pod) => pod.memory))] : []),
    ...scrapeErrors(version),
  ];
  return all.map((one) => written(one, version.has('resource-metrics-stable'))).join('');
}

function scrapeErrors(version: Version): Series[] {
  const help = '1 if there was an error while getting container metrics, 0 otherwise';
  const samples = [{ value: 0 }];
  if (!version.has('resource-metrics-stable')) return [{ name: 'scrape_error', type: 'gauge', help, samples }];
  return [{ name: 'resource_scrape_error', type: 'gauge', help, samples }, { name: 'scrape_error', type: 'gauge', help: `(Deprecated since 1.29.0) ${help}`, samples, stable: false }];
}

function written({ name, type, help, samples, stable }: Series, allStable: boolean): string {
  if (samples.length === 0) return '';
  const lines = samples.map(({ labels = '', value, at }) => `${name}${labels} ${goNumber(value)}${at === undefined ? '' : ` ${at}`}\n`);
  return `# HELP ${name} [${(stable ?? allStable) ? 'STABLE' : 'ALPHA'}] ${help}\n# TYPE ${name} ${type}\n${lines.sort().join('')}`;
}
