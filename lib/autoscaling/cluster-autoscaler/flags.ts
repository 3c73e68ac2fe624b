// The command line of cluster-autoscaler: what it is told, and its defaults (cluster-autoscaler/config/flags/flags.go).
import type { Version } from '../../api/index.ts';
import { duration } from '../../sim/index.ts';

const minute = 60_000;

/** Times are milliseconds. */
const defaults = {
  'scan-interval': 10_000,
  'max-node-provision-time': 15 * minute,
  'max-nodes-total': 0,
  'max-nodes-per-scaleup': 1000,
  'expendable-pods-priority-cutoff': -10,
  'initial-node-group-backoff-duration': 5 * minute,
  'max-node-group-backoff-duration': 30 * minute,
  'node-group-backoff-reset-timeout': 180 * minute,
  'ok-total-unready-count': 3,
  'max-total-unready-percentage': 45,
  'scale-down-enabled': true,
  'scale-down-unready-enabled': true,
  'scale-down-delay-after-add': 10 * minute,
  'scale-down-delay-after-delete': 0,
  'scale-down-delay-after-failure': 3 * minute,
  'scale-down-unneeded-time': 10 * minute,
  'scale-down-unready-time': 20 * minute,
  'scale-down-utilization-threshold': 0.5,
  'unremovable-node-recheck-timeout': 5 * minute,
  'max-scale-down-parallelism': 10,
  'max-drain-parallelism': 1,
  'max-graceful-termination-sec': 600,
  'max-pod-eviction-time': 2 * minute,
  'node-delete-delay-after-taint': 5000,
  'skip-nodes-with-local-storage': true,
  'skip-nodes-with-system-pods': true,
  'ignore-daemonsets-utilization': false,
  'daemonset-eviction-for-empty-nodes': false,
  'daemonset-eviction-for-occupied-nodes': true,
  'enforce-node-group-min-size': false,
  'write-status-configmap': true,
  namespace: 'kube-system',
  'status-config-map-name': 'cluster-autoscaler-status',
};

export type Flags = { -readonly [name in keyof typeof defaults]: (typeof defaults)[name] extends boolean ? boolean : (typeof defaults)[name] extends number ? number : string } & {
  /** Groups with sizes of one's own; empty: those that the cloud has, with its sizes. */
  nodes: { id: string; min: number; max: number }[];
  expander: 'random' | 'least-waste' | 'most-pods';
};

/** Flags that change nothing here. */
const unheard = /^(cloud-provider|cloud-config|node-group-auto-discovery|kubeconfig|kubernetes|address|v|vmodule|logtostderr|alsologtostderr|stderrthreshold|leader-elect.*|balance-similar-node-groups|balancing-ignore-label|skip-nodes-with-custom-controller-pods|max-empty-bulk-delete|estimator|cluster-name|profiling|cordon-node-before-terminating|record-duplicated-events)$/;
const times = /(time|interval|duration|timeout|delay-.*|time-.*)$/;

/** Throws an Error in the program's words where a flag is not known, or its value is none. */
export function parseFlags(argv: readonly string[], version: Version): Flags {
  const flags: Flags = { ...defaults, nodes: [], expander: version.has('autoscaler-least-waste') ? 'least-waste' : 'random' };
  for (const word of argv) {
    const [, name = '', value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (!name) throw new Error(`unexpected argument ${JSON.stringify(word)}`);
    if (name === 'nodes') flags.nodes.push(groupOf(value ?? ''));
    else if (name === 'expander') flags.expander = expanderOf(value ?? '');
    else if (name in defaults) Object.assign(flags, { [name]: valueOf(name as keyof typeof defaults, value) });
    else if (!unheard.test(name)) throw new Error(`unknown flag: --${name}`);
  }
  if (!flags['scale-down-delay-after-delete']) flags['scale-down-delay-after-delete'] = flags['scan-interval'];
  return flags;
}

function valueOf(name: keyof typeof defaults, text: string | undefined): boolean | number | string {
  const fallback = defaults[name];
  const invalid = () => new Error(`invalid argument ${JSON.stringify(text ?? '')} for "--${name}" flag`);
  if (typeof fallback === 'boolean') {
    if (!/^(|true|false)$/.test(text ?? '')) throw invalid();
    return text !== 'false';
  }
  if (typeof fallback === 'string') return text ?? '';
  try {
    const value = times.test(name) && text !== '0' ? duration(text ?? '') : Number(text || NaN);
    if (Number.isNaN(value)) throw invalid();
    return value;
  } catch {
    throw invalid();
  }
}

/** `min:max:name` (config/dynamic/node_group_spec.go). */
function groupOf(text: string): Flags['nodes'][number] {
  const [min = '', max = '', ...rest] = text.split(':');
  const id = rest.join(':');
  if (!id) throw new Error(`failed to parse node group spec: bad node configuration: ${text}`);
  if (!/^\d+$/.test(min) || !/^\d+$/.test(max)) throw new Error(`failed to parse node group spec: failed to set ${/^\d+$/.test(min) ? 'max' : 'min'} size: ${/^\d+$/.test(min) ? max : min}, expected integer`);
  if (Number(max) < Number(min)) throw new Error('failed to parse node group spec: invalid node group spec: max size must be greater or equal to min size');
  return { id, min: Number(min), max: Number(max) };
}

function expanderOf(text: string): Flags['expander'] {
  if (text === 'random' || text === 'least-waste' || text === 'most-pods') return text;
  throw new Error(`Expander ${text} not supported`);
}
