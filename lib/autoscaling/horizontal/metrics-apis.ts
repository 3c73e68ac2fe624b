// Measurements of pods through the API: metrics.k8s.io, external.metrics.k8s.io (metrics/rest_metrics_client.go).
import { parseQuantity, selectorFromLabelSelector, type Version } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { duration } from '../../sim/index.ts';
import { customMetrics } from './custom-metrics.ts';
import type { LabelSelectorShape, MetricsSource, PodMetric, PodMetrics } from './types.ts';

interface Sample {
  metadata: { namespace: string; name: string };
  timestamp: string;
  window: string;
  containers?: { name: string; usage: Record<string, string> }[];
}

interface Asked {
  name: string;
  container?: string;
}

export function metricsApis(client: Client): MetricsSource {
  return {
    resource(namespace, selector, asked) {
      const samples = listed<Sample>(client, 'resource', `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods${query({ labelSelector: selector })}`, 'get pods.metrics.k8s.io');
      const metrics: PodMetrics = new Map();
      for (const sample of samples) {
        const value = asked.container === undefined ? wholeOf(sample, asked) : partOf(sample, asked, client.version);
        if (value !== undefined) metrics.set(sample.metadata.name, { value, timestamp: Date.parse(sample.timestamp), window: duration(sample.window || '0s') });
      }
      return metrics;
    },
    external(namespace, { name, selector }) {
      const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/${name}${query({ labelSelector: selectorText(selector) })}`;
      return listed<{ value: string }>(client, 'external', path, `get ${name}.external.metrics.k8s.io`).map(({ value }) => milli(value));
    },
    ...customMetrics(client),
  };
}

const milli = (amount: string) => parseQuantity(amount).milliValue();

export function listed<T>(client: Client, api: 'resource' | 'custom' | 'external', path: string, asked: string): T[] {
  const items = fetching(api, () => (client.raw(path, { asked }) as { items?: T[] }).items ?? []);
  if (items.length === 0) throw new Error(`no metrics returned from ${api} metrics API`);
  return items;
}

export function fetching<T>(api: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new Error(`unable to fetch metrics from ${api} metrics API: ${(error as Error).message}`);
  }
}

export function query(parts: Record<string, string>): string {
  const text = new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== '')).toString();
  return text && `?${text}`;
}

/** Without a selector nothing is asked for. */
export const selectorText = (selector: LabelSelectorShape | undefined): string => selectorFromLabelSelector(selector as Parameters<typeof selectorFromLabelSelector>[0]).toString();

/** Of all containers, when each has a sample. */
function wholeOf({ containers = [] }: Sample, { name }: Asked): number | undefined {
  if (containers.length === 0 || containers.some(({ usage }) => usage[name] === undefined)) return undefined;
  return containers.reduce((sum, { usage }) => sum + milli(usage[name]!), 0);
}

function partOf({ containers = [], metadata }: Sample, { name, container }: Asked, version: Version): PodMetric['value'] | undefined {
  const found = containers.find((one) => one.name === container);
  if (!found && !version.has('hpa-skips-container-without-sample')) throw new Error(`failed to get container metrics: container ${container} not present in metrics for pod ${metadata.namespace}/${metadata.name}`);
  const amount = found?.usage[name];
  return amount === undefined ? undefined : milli(amount);
}
