// cordon, uncordon, drain.
import type { KubeObject, Pod } from '../../api/index.ts';
import { PlainError, throwAll, UsageError } from '../errors.ts';
import { bool, type Flag, int, string, time } from '../flags.ts';
import { dryRun } from '../print.ts';
import { forEach, lookUp, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { waitUntil } from '../time.ts';
import { dryRunFlag } from './create.ts';

const shared: Flag[] = [dryRunFlag, string('selector', 'l')];

function nodesOf(call: Call, name: string): Info[] {
  const selector = call.flags.string('selector');
  if (call.args.length === 0 && !selector) throw new UsageError(`USAGE: ${name} NODE [flags]`, call.command);
  if (call.args.length > 0 && selector) throw new UsageError('error: cannot specify both a node name and a --selector option', call.command);
  const args = call.args.map((arg) => (arg.includes('/') ? arg : `nodes/${arg}`));
  const { infos, errors } = resolve(call, { args: selector ? ['nodes'] : args });
  throwAll(errors);
  return infos;
}

const note = (call: Call) => ({ none: '', client: ' (dry run)', server: ' (server dry run)' })[dryRun(call)];

function setUnschedulable(call: Call, info: Info, on: boolean): void {
  const done = on ? 'cordoned' : 'uncordoned';
  if (Boolean(info.object!.spec?.unschedulable) === on) return call.out.line(`node/${info.name} already ${done}${note(call)}`);
  if (dryRun(call) !== 'client') call.client.patch('Node', { name: info.name }, { spec: { unschedulable: on || null } }, { dryRun: dryRun(call) === 'server' });
  call.out.line(`node/${info.name} ${done}${note(call)}`);
}

const marking = (name: 'cordon' | 'uncordon', short: string): Command => ({
  name,
  short,
  usage: 'NODE',
  flags: shared,
  run(call) {
    for (const info of nodesOf(call, name)) setUnschedulable(call, info, name === 'cordon');
  },
});

export const cordon = marking('cordon', 'Mark node as unschedulable');
export const uncordon = marking('uncordon', 'Mark node as schedulable');

export const drain: Command = {
  name: 'drain',
  short: 'Drain node in preparation for maintenance',
  usage: 'NODE',
  flags: [
    ...shared,
    bool('force'),
    bool('ignore-daemonsets'),
    bool('delete-emptydir-data'),
    bool('delete-local-data'),
    bool('disable-eviction'),
    int('grace-period', '-1'),
    time('timeout'),
    string('pod-selector'),
    int('skip-wait-for-delete-timeout', '0'),
    int('chunk-size', '500'),
  ],
  run(call) {
    const nodes = nodesOf(call, 'drain');
    for (const info of nodes) setUnschedulable(call, info, true);
    const errors: Error[] = [];
    forEach(nodes, errors, (info) => drainOne(call, info));
    if (errors.length === 0) return;
    const failed = nodes.map(({ name }) => name).filter((name) => errors.some((error) => (error as DrainError).node === name));
    for (const error of errors) call.out.error(`error: unable to drain node ${JSON.stringify((error as DrainError).node)} due to error: ${error.message}, continuing command...`);
    call.out.error(`There are pending nodes to be drained:\n${failed.map((name) => ` ${name}`).join('\n')}`);
    throw new PlainError(errors.map((error) => error.message).join('\n'));
  },
};

class DrainError extends Error {
  constructor(
    readonly node: string,
    message: string,
  ) {
    super(message);
  }
}

interface Verdict {
  evict: boolean;
  error?: string;
  warning?: string;
}

const daemonSetFatal = 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)';
const daemonSetWarning = 'ignoring DaemonSet-managed Pods';
const localFatal = 'Pods with local storage (use --delete-emptydir-data to override)';
const localWarning = 'deleting Pods with local storage';
const bareFatal = 'cannot delete Pods that declare no controller (use --force to override)';
const bareWarning = 'deleting Pods that declare no controller';

/** May this pod be evicted? The filters of kubectl, in its order. */
function verdict(call: Call, pod: Pod): Verdict {
  const { flags } = call;
  const finished = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner?.kind === 'DaemonSet' && !finished) {
    const exists = lookUp(call, { resource: call.client.resource('daemonsets')!, namespace: pod.metadata.namespace!, name: owner.name });
    if (!exists && !flags.bool('force')) return { evict: false, error: `daemonsets.apps ${JSON.stringify(owner.name)} not found` };
    return flags.bool('ignore-daemonsets') ? { evict: false, warning: daemonSetWarning } : { evict: false, error: daemonSetFatal };
  }
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror']) return { evict: false };
  const local = (pod.spec.volumes ?? []).some(({ emptyDir }) => emptyDir);
  if (local && !finished && !flags.bool('delete-emptydir-data') && !flags.bool('delete-local-data')) return { evict: false, error: localFatal };
  if (!owner && !finished) return flags.bool('force') ? { evict: true, warning: bareWarning } : { evict: false, error: bareFatal };
  return { evict: true, ...(local && !finished && { warning: localWarning }) };
}

function drainOne(call: Call, info: Info): void {
  const selector = call.flags.string('pod-selector');
  const { items } = call.client.list('Pod', { fieldSelector: `spec.nodeName=${info.name}`, ...(selector && { labelSelector: selector }) });
  const pods: Pod[] = [];
  const errors = new Map<string, string[]>();
  const warnings = new Map<string, string[]>();
  for (const pod of items) {
    const { evict, error, warning } = verdict(call, pod);
    const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
    if (error) errors.set(error, [...(errors.get(error) ?? []), name]);
    if (warning && warning !== localWarning) warnings.set(warning, [...(warnings.get(warning) ?? []), name]);
    if (evict) pods.push(pod);
  }
  const texts = [...errors].map(([text, names]) => `cannot delete ${text}: ${names.join(', ')}`);
  if (texts.length > 0) throw new DrainError(info.name, texts.length > 1 ? `[${texts.join(', ')}]` : texts[0]!);
  if (warnings.size > 0) call.out.warn([...warnings].map(([text, names]) => `${text}: ${names.join(', ')}`).join('; '));
  evictAll(call, info, pods);
  call.out.line(`node/${info.name} drained${note(call)}`);
}

/** Differs from Kubernetes: pods are evicted one after the other in name order, where kubectl starts all at once. */
function evictAll(call: Call, node: Info, pods: readonly Pod[]): void {
  const timeout = call.flags.duration('timeout') || 10 * 60_000;
  const until = call.client.clock.now + timeout;
  for (const { metadata } of pods) call.out.line(`evicting pod ${metadata.namespace}/${metadata.name}${note(call)}`);
  if (dryRun(call) !== 'none') return;
  for (const pod of pods) evictOne(call, pod, until);
  for (const pod of pods) {
    const gone = () => {
      const now = lookUp(call, { resource: call.client.resource('pods')!, namespace: pod.metadata.namespace!, name: pod.metadata.name });
      return !now || now.metadata.uid !== pod.metadata.uid;
    };
    if (!waitUntil(call, until - call.client.clock.now, gone)) {
      throw new DrainError(node.name, `error when waiting for pod ${JSON.stringify(pod.metadata.name)} in namespace ${JSON.stringify(pod.metadata.namespace)} to terminate: global timeout reached: ${call.flags.string('timeout')}`);
    }
    call.out.line(`pod/${pod.metadata.name} evicted`);
  }
}

function evictOne(call: Call, pod: Pod, until: number): void {
  const grace = call.flags.int('grace-period');
  const options = grace >= 0 ? { gracePeriodSeconds: grace } : {};
  call.client.authorize?.({ verb: 'create', group: '', resource: 'pods', subresource: 'eviction', namespace: pod.metadata.namespace, name: pod.metadata.name });
  const evict = () => (call.options.evict ? call.options.evict(pod, options) : void call.client.delete(pod as unknown as KubeObject, options));
  for (;;) {
    try {
      return evict();
    } catch (error) {
      const { code, message } = error as { code?: number; message: string };
      if (code === 404) return;
      if (code !== 429 || call.client.clock.now >= until) throw new DrainError(pod.spec.nodeName!, `error when evicting pods/${JSON.stringify(pod.metadata.name)} -n ${JSON.stringify(pod.metadata.namespace)}: ${message}`);
      call.out.error(`error when evicting pods/${JSON.stringify(pod.metadata.name)} -n ${JSON.stringify(pod.metadata.namespace)} (will retry after 5s): ${message}`);
      waitUntil(call, 5000, () => false);
    }
  }
}

