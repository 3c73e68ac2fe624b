// Measurements that other programs offer of objects: custom.metrics.k8s.io (k8s.io/metrics, pkg/client/custom_metrics).
import { parseQuantity } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { fetching, listed, query, selectorText } from './metrics-apis.ts';
import { groupOf, resourceOfKind } from './scale-target.ts';
import type { MetricName, MetricsSource, PodMetric } from './types.ts';

interface Value {
  describedObject: { name: string };
  timestamp: string;
  windowSeconds?: number;
  /** In v1beta1. */
  window?: number;
  value: string;
}

const group = 'custom.metrics.k8s.io';
const known = ['v1beta2', 'v1beta1'];
/** Milliseconds, where a value does not tell. */
const usualWindow = 60_000;
const milli = (amount: string) => parseQuantity(amount).milliValue();

export function customMetrics(client: Client): Pick<MetricsSource, 'pods' | 'object'> {
  return {
    pods(namespace, selector, metric) {
      const base = fetching('custom', () => basePath(client));
      const path = `${base}/namespaces/${namespace}/pods/*/${metric.name}${query({ labelSelector: selector, metricLabelSelector: selectorText(metric.selector) })}`;
      const values = listed<Value>(client, 'custom', path, `get pods.${group} *`);
      return new Map(values.map((value): [string, PodMetric] => [value.describedObject.name, { value: milli(value.value), timestamp: Date.parse(value.timestamp), window: windowOf(value) }]));
    },
    object(namespace, { kind, name, apiVersion = '' }, metric) {
      return fetching('custom', () => {
        const base = basePath(client);
        // The name of a namespace is not looked at: a reference never leaves its own.
        const isNamespace = kind === 'Namespace' && !apiVersion.includes('/');
        const resource = isNamespace ? 'metrics' : mapped(client, groupOf(apiVersion), kind);
        return onlyValue(client, `${base}/namespaces/${namespace}/${resource}${isNamespace ? '' : `/${name}`}`, metric, `get ${resource}.${group} ${isNamespace ? metric.name : name}`);
      });
    },
  };
}

const windowOf = ({ windowSeconds, window }: Value) => (windowSeconds !== undefined ? windowSeconds * 1000 : window !== undefined ? window * 1000 : usualWindow);

/** The version that discovery prefers. */
function basePath(client: Client): string {
  const { groups } = client.raw('/apis', { asked: 'get' }) as { groups: { name: string; versions: { version: string }[]; preferredVersion: { version: string } }[] };
  const found = groups.find(({ name }) => name === group);
  if (!found) throw new Error(`no custom metrics API (${group}) registered`);
  const version = [found.preferredVersion, ...found.versions].map((one) => one.version).find((one) => known.includes(one));
  if (!version) throw new Error('no known available metric versions found');
  return `/apis/${group}/${version}`;
}

function mapped(client: Client, kindGroup: string, kind: string): string {
  try {
    const { plural, group: of } = resourceOfKind(client.version, kindGroup, kind);
    return of ? `${plural}.${of}` : plural;
  } catch (error) {
    throw new Error(`unable to map kind ${kindGroup ? `${kind}.${kindGroup}` : kind} to resource: ${(error as Error).message}`);
  }
}

function onlyValue(client: Client, path: string, { name, selector }: MetricName, asked: string): number {
  const { items = [] } = client.raw(`${path}/${name}${query({ metricLabelSelector: selectorText(selector) })}`, { asked }) as { items?: Value[] };
  if (items.length !== 1) throw new Error(`the custom metrics API server returned ${items.length} results when we asked for exactly one`);
  return milli(items[0]!.value);
}
