// A disk that no pod of its machine needs any more is taken away, as soon as the kubelet has let go of it.
import type { KubeObject, Node, Pod } from '../../api/index.ts';
import { deleteExact, getLive } from '../shared/not-found.ts';
import { isBeingAttached } from './attach.ts';
import { isReportOf, reportAttached, type World } from './world.ts';

/** How long a kubelet that does not answer has for it (milliseconds). */
const maxWaitForUnmount = 360_000;
const firstRetry = 500;

/** Returns when to look again (milliseconds from now). */
export function detachUnwanted(world: World, attachments: readonly KubeObject[], wanted: ReadonlyMap<string, Pod[]>): number[] {
  const waits: number[] = [];
  for (const attachment of attachments) {
    const { name, deletionTimestamp } = attachment.metadata;
    if (wanted.has(attachment.spec.nodeName)) world.unwantedSince.delete(name);
    else if (!deletionTimestamp) {
      const wait = isBeingAttached(world, attachment) ?? detach(world, attachment);
      if (wait !== undefined) waits.push(wait);
    }
  }
  return waits;
}

function detach(world: World, attachment: KubeObject): number | undefined {
  const { client, unwantedSince } = world;
  const { now } = client.clock;
  const { nodeName } = attachment.spec;
  const since = unwantedSince.get(attachment.metadata.name) ?? now;
  unwantedSince.set(attachment.metadata.name, since);
  const node = client.find('Node', { name: nodeName });
  const expired = now - since > maxWaitForUnmount;
  const forced = (expired && !(client.version.has('force-detach-unhealthy-only') && isReady(node))) || isOutOfService(world, node);
  // Of a node that was never seen it is not known what it has mounted.
  const inUse = node ? (node.status.volumesInUse ?? []) : world.lastInUse.get(nodeName);
  const mounted = inUse?.some((unique) => isReportOf(attachment, unique)) ?? true;
  if (mounted && !forced) return expired ? undefined : since + maxWaitForUnmount + 1 - now;
  const before = reportAttached(client, nodeName, (attached) => attached.filter((one) => !isReportOf(attachment, one.name)));
  if (!forced && stillInUse(world, attachment)) {
    reportAttached(client, nodeName, () => [...before]);
    return firstRetry;
  }
  world.attempts.delete(attachment.metadata.name);
  unwantedSince.delete(attachment.metadata.name);
  deleteExact(client, attachment);
  return undefined;
}

/** The kubelet may have mounted it a moment ago. */
function stillInUse({ client }: World, attachment: KubeObject): boolean {
  const node = getLive(client, 'Node', { name: attachment.spec.nodeName });
  return (node?.status.volumesInUse ?? []).some((unique) => isReportOf(attachment, unique));
}

const isReady = (node: Node | undefined) => node?.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

const isOutOfService = ({ client }: World, node: Node | undefined) => client.version.has('out-of-service-taint') && (node?.spec.taints?.some(({ key }) => key === 'node.kubernetes.io/out-of-service') ?? false);
