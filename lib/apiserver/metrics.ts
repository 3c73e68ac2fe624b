// GET /metrics, as Prometheus reads it (apiserver, pkg/endpoints/metrics and pkg/storage/etcd3/metrics).
// Differs from Kubernetes: only what has a meaning here. In virtual time requests take none, and there is no Go process.
import { discovery, removedRelease, resourcesOf, servedVersions, sharesObjects, type Version } from '../api/index.ts';
import type { HttpResponse } from './http.ts';
import type { Storage } from './storage.ts';
import type { Counted, Trace } from './trace.ts';

interface Sources {
  version: Version;
  storage: Storage;
  trace: Trace;
}

type Labels = Record<string, string>;

interface Metric {
  name: string;
  type: 'counter' | 'gauge';
  stability: 'ALPHA' | 'STABLE';
  help: string;
  samples: [labels: Labels, value: number][];
}

/** Undefined for other methods. */
export function answerMetrics(method: string, sources: Sources): HttpResponse | undefined {
  if (method === 'DELETE') {
    sources.trace.resetCounts();
    return { code: 200, body: 'metrics reset\n' };
  }
  if (method !== 'GET') return undefined;
  const all = [...requests(sources), ...objects(sources), buildInfo(sources.version)].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { code: 200, body: all.map(written).join(''), type: 'text/plain; version=0.0.4; charset=utf-8' };
}

/** Labels and samples come in the order of their text. */
function written({ name, type, stability, help, samples }: Metric): string {
  const escaped = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const lines = samples.map(([labels, value]) => `${name}{${Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, text]) => `${label}="${escaped(text)}"`).join(',')}} ${value}\n`);
  return lines.length === 0 ? '' : `# HELP ${name} [${stability}] ${help}\n# TYPE ${name} ${type}\n${lines.sort().join('')}`;
}

const methods: Record<Counted['verb'], string> = { get: 'GET', list: 'LIST', watch: 'WATCH', create: 'POST', update: 'PUT', patch: 'PATCH', apply: 'APPLY', delete: 'DELETE', deletecollection: 'DELETE' };

/** Differs from Kubernetes: a watch is counted when it begins, not at its end. */
function requests({ version, trace }: Sources): Metric[] {
  const stable = version.has('request-metric-stable');
  const [counts, deprecated] = [new Map<string, number>(), new Map<string, Labels>()];
  for (const [key, count] of trace.counts) {
    const counted = JSON.parse(key) as Counted;
    const labels = JSON.stringify(requestLabels(counted, version));
    counts.set(labels, (counts.get(labels) ?? 0) + count);
    const { group, version: served, resource, subresource, kind } = counted;
    const removed = removedRelease(group ? `${group}/${served}` : served, kind, version);
    if (removed !== undefined) deprecated.set(`${group}/${served}/${resource}/${subresource}`, { group, version: served, resource, subresource, removed_release: removed });
  }
  return [
    {
      name: 'apiserver_request_total',
      type: 'counter',
      stability: stable ? 'STABLE' : 'ALPHA',
      help: `Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response ${stable ? '' : 'contentType and '}code.`,
      samples: [...counts].map(([labels, count]) => [JSON.parse(labels) as Labels, count]),
    },
    {
      name: 'apiserver_requested_deprecated_apis',
      type: 'gauge',
      stability: version.has('deprecated-apis-metric-stable') ? 'STABLE' : 'ALPHA',
      help: 'Gauge of deprecated APIs that have been requested, broken out by API group, version, resource, subresource, and removed_release.',
      samples: [...deprecated.values()].map((labels) => [labels, 1]),
    },
  ];
}

function requestLabels({ verb, group, version, resource, subresource, namespaced, named, dryRun, component, code }: Counted, release: Version): Labels {
  const watches = verb === 'watch';
  const scope = named || verb === 'create' ? 'resource' : namespaced ? 'namespace' : 'cluster';
  const contentType = component ? `application/vnd.kubernetes.protobuf${watches ? ';stream=watch' : ''}` : 'application/json';
  return {
    ...{ verb: methods[verb], group, version, resource, subresource, scope, component: 'apiserver', dry_run: dryRun ? 'All' : '' },
    code: watches && code === 200 && !release.has('watch-metric-code') ? '0' : String(code),
    ...(!release.has('request-metric-stable') && { contentType }),
  };
}

function objects({ version, storage }: Sources): Metric[] {
  const stored = resourcesOf(version).filter((row) => !row.discoveryOnly && !row.transient && !row.remote && row.verbs.includes('create') && row.verbs.includes('get') && !sharesObjects(row) && servedVersions(row, version).length > 0);
  const samples = stored.map((row): [Labels, number] => [{ resource: row.group ? `${row.plural}.${row.group}` : row.plural }, storage.every(row).length]);
  const help = 'Number of stored objects at the time of last check split by kind.';
  const old: Metric = { name: 'etcd_object_counts', type: 'gauge', stability: 'ALPHA', help, samples };
  const now: Metric = { ...old, name: 'apiserver_storage_objects', stability: 'STABLE', help: version.has('storage-objects-error') ? `${help} In case of a fetching error, the value will be -1.` : help };
  return [...(version.has('no-etcd-object-counts') ? [] : [old]), ...(version.has('storage-objects-metric') ? [now] : [])];
}

function buildInfo(version: Version): Metric {
  const { major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform } = discovery(version).version();
  return {
    name: 'kubernetes_build_info',
    type: 'gauge',
    stability: 'ALPHA',
    help: "A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
    samples: [[{ major, minor, git_version: gitVersion, git_commit: gitCommit, git_tree_state: gitTreeState, build_date: buildDate, go_version: goVersion, compiler, platform }, 1]],
  };
}
