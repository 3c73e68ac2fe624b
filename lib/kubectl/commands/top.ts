// kubectl top: what metrics.k8s.io says of nodes and pods (kubectl/pkg/cmd/top).
import { customKinds, discovery, findResource, type KubeObject, type Node, parseSelector, type Pod, StatusError } from '../../api/index.ts';
import { CommandError, PlainError, UsageError } from '../errors.ts';
import { bool, type Flag, string } from '../flags.ts';
import type { Call, Command } from '../session.ts';
import { goDuration } from '../text/duration.ts';
import { type NodeUsage, nodeTable, podTable } from './top-tables.ts';

const shared: Flag[] = [string('selector', 'l'), string('sort-by'), bool('no-headers'), bool('use-protocol-buffers', undefined, 'true')];

const newer = { 'use-protocol-buffers': 'top-protocol-buffers', 'show-capacity': 'top-show-capacity', 'field-selector': 'top-field-selector', sum: 'top-sum' } as const;

/** The one name that may be given, and what must not stand together. */
function nameOf(call: Call, usage: string): string | undefined {
  const { args, flags } = call;
  const unknown = Object.entries(newer).find(([flag, change]) => flags.has(flag) && !call.version.has(change));
  if (unknown) throw new PlainError(`Error: unknown flag: --${unknown[0]}\nSee '${call.command} --help' for usage.`);
  if (args.length > 1) throw new UsageError(usage, call.command);
  if (!['', 'cpu', 'memory'].includes(flags.string('sort-by'))) throw new CommandError('--sort-by accepts only cpu or memory');
  if (args.length > 0 && (flags.string('selector') || flags.string('field-selector'))) throw new CommandError(`only one of NAME or ${call.command.endsWith('pod') && call.version.has('top-field-selector') ? 'selector' : '--selector'} can be provided`);
  try {
    parseSelector(flags.string('selector'), call.version);
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
  return args[0];
}

/**
 * Asks for metrics.
 * Differs from Kubernetes: always as JSON, never as protobuf; and it reads discovery anew each time instead of every six hours.
 */
function metricsOf(call: Call, plural: 'nodes' | 'pods', { name, namespace }: { name?: string | undefined; namespace?: string }): KubeObject[] {
  const stale = call.version.has('kubectl-aggregated-discovery') && !customKinds(call.version).remote.some(({ group, available }) => group === 'metrics.k8s.io' && available);
  if (stale || !discovery(call.version).apiGroup('metrics.k8s.io')) throw new CommandError('Metrics API not available');
  const kind = `${plural}.v1beta1.metrics.k8s.io`;
  // Never reached so far: nothing is known of its kinds.
  if (!findResource(kind, call.version)) throw new StatusError('ServiceUnavailable', 503, `the server is currently unable to handle the request (get ${plural}.metrics.k8s.io${name ? ` ${name}` : ''})`);
  const [labelSelector, fieldSelector] = [call.flags.string('selector'), call.flags.string('field-selector')];
  if (name) return [call.client.get(kind, { name, ...(namespace && { namespace }) })];
  return call.client.list(kind, { ...(namespace && { namespace }), ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) }).items;
}

const topNode: Command = {
  name: 'node',
  aliases: ['nodes', 'no'],
  short: 'Display resource (CPU/memory) usage of nodes',
  long: 'Display resource (CPU/memory) usage of nodes.\n\n The top-node command allows you to see the resource consumption of nodes.',
  usage: '[NAME | -l label]',
  flags: [...shared, bool('show-capacity')],
  run(call) {
    const name = nameOf(call, 'node [NAME | -l label]');
    const metrics = metricsOf(call, 'nodes', { name });
    if (metrics.length === 0) throw new CommandError('metrics not available yet');
    const selector = call.flags.string('selector');
    const nodes: Node[] = name ? [call.client.get('Node', { name })] : call.client.list('Node', selector ? { labelSelector: selector } : {}).items;
    const of = ({ status }: Node) => (call.flags.bool('show-capacity') ? status.capacity : status.allocatable) ?? {};
    const rows = nodes.map((node): NodeUsage => ({ name: node.metadata.name, available: of(node), usage: metrics.find(({ metadata }) => metadata.name === node.metadata.name)?.['usage'] }));
    call.out.write(nodeTable(rows, { version: call.version, sortBy: call.flags.string('sort-by'), noHeaders: call.flags.bool('no-headers') }));
  },
};

const topPod: Command = {
  name: 'pod',
  aliases: ['pods', 'po'],
  short: 'Display resource (CPU/memory) usage of pods',
  long: "Display resource (CPU/memory) usage of pods.\n\n The 'top pod' command allows you to see the resource consumption of pods.\n\n Due to the metrics pipeline delay, they may be unavailable for a few minutes since pod creation.",
  usage: '[NAME | -l label]',
  flags: [...shared, string('field-selector'), bool('all-namespaces', 'A'), bool('containers'), bool('sum')],
  run(call) {
    const { flags } = call;
    const name = nameOf(call, 'pod [NAME | -l label]');
    const everywhere = flags.bool('all-namespaces');
    const namespace = everywhere ? '' : call.namespace;
    const metrics = metricsOf(call, 'pods', { name, namespace });
    if (metrics.length === 0) return nothingKnown(call, namespace);
    call.out.write(podTable(metrics, { sortBy: flags.string('sort-by'), noHeaders: flags.bool('no-headers'), withNamespace: everywhere, containers: flags.bool('containers'), sum: flags.bool('sum') }));
  },
};

const metricsDelay = 120_000;

/** Either there are no pods, or they are too young, or something is wrong with the metrics of the first that is old enough. */
function nothingKnown(call: Call, namespace: string): void {
  const selector = call.flags.string('selector');
  const fields = call.flags.string('field-selector');
  const pods: Pod[] = call.client.list('Pod', { ...(namespace && { namespace }), ...(selector && { labelSelector: selector }), ...(fields && { fieldSelector: fields }) }).items;
  for (const { metadata } of pods) {
    const age = call.now() - Date.parse(metadata.creationTimestamp!);
    if (age > metricsDelay) throw new CommandError(`Metrics not available for pod ${metadata.namespace}/${metadata.name}, age: ${goDuration(age)}`);
  }
  if (pods.length > 0) throw new CommandError('metrics not available yet');
  call.out.error(namespace ? `No resources found in ${namespace} namespace.` : 'No resources found');
}

export const top: Command = {
  name: 'top',
  short: 'Display resource (CPU/memory) usage',
  long: 'Display resource (CPU/memory) usage.\n\n The top command allows you to see the resource consumption for nodes or pods.\n\n This command requires Metrics Server to be correctly configured and working on the server.',
  commands: [topNode, topPod],
};
