// The pages of a kubelet that tell what is used: /stats/summary and /metrics/resource.
import type { Version } from '../../api/index.ts';
import type { HttpResponse, Machine, Runtime } from '../../machine/index.ts';
import { resourceMetrics, resourceMetricsPath } from './resource-metrics.ts';
import { summary } from './summary.ts';
import { nodeStats, podStats, type SystemUse } from './usage.ts';

export interface StatsOptions {
  nodeName: string;
  machine: Machine;
  runtime: Runtime;
  version: Version;
  system: SystemUse;
}

/** Undefined for all other paths. */
export function statsPage(path: string, { nodeName, machine, runtime, version, system }: StatsOptions): HttpResponse | undefined {
  const [plain = '', query = ''] = path.split('?');
  const asksFor = { summary: /^\/stats\/summary\/?$/.test(plain), metrics: plain === resourceMetricsPath(version) };
  if (!asksFor.summary && !asksFor.metrics) return undefined;
  const pods = podStats(runtime);
  const node = nodeStats(machine, runtime, { system, pods });
  if (asksFor.metrics) return { status: 200, headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }, body: resourceMetrics({ node, pods, version, now: machine.clock.now }) };
  const told = summary({ nodeName, machine, node, pods, brief: /(^|&)only_cpu_and_memory=true(&|$)/.test(query) });
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(told, undefined, 1) };
}
