// Taints that controllers put on nodes and take off again.
import type { Node, Taint, Toleration } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';

export type TaintId = Pick<Taint, 'key' | 'effect'>;

const same = (a: TaintId, b: TaintId) => a.key === b.key && a.effect === b.effect;
export const hasTaint = ({ spec }: Node, taint: TaintId) => (spec.taints ?? []).some((other) => same(other, taint));

/** Adds taints, then takes others away, each in a write of its own, as Kubernetes does. */
export function swapTaints(client: Client, name: string, add: readonly TaintId[], remove: readonly TaintId[]): void {
  const timeAdded = timestamp(client.clock.now);
  if (add.length > 0) writeTaints(client, name, (taints) => [...taints.filter((t) => !add.some((a) => same(a, t))), ...add.map(({ key, effect }) => ({ key, effect, timeAdded }))]);
  if (remove.length > 0) writeTaints(client, name, (taints) => taints.filter((t) => !remove.some((r) => same(r, t))));
}

/** Reads the node afresh: others write taints too. */
function writeTaints(client: Client, name: string, change: (taints: readonly Taint[]) => Taint[]): void {
  const node = client.get('Node', { name });
  const before = node.spec.taints ?? [];
  const taints = change(before);
  if (taints.length === before.length && taints.every((taint) => hasTaint(node, taint))) return;
  client.patch('Node', { name }, { spec: { taints: taints.length > 0 ? taints : null } }, { type: 'merge' });
}

/** An empty key with Exists means every taint, an empty effect every effect (v1.Toleration.ToleratesTaint). */
export function toleratesTaint({ key = '', operator = 'Equal', value = '', effect = '' }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  return operator === 'Exists' || (operator === 'Equal' && value === (taint.value ?? ''));
}

/** For each taint the first toleration that tolerates it; undefined when one is tolerated by none. */
export function matchingTolerations(taints: readonly Taint[], tolerations: readonly Toleration[] = []): Toleration[] | undefined {
  const used: Toleration[] = [];
  for (const taint of taints) {
    const found = tolerations.find((toleration) => toleratesTaint(toleration, taint));
    if (!found) return undefined;
    used.push(found);
  }
  return used;
}

/** Seconds that a pod may stay on a node with these NoExecute taints; Infinity when for ever. */
export function toleratedSeconds(taints: readonly Taint[], tolerations: readonly Toleration[] | undefined): number {
  const used = matchingTolerations(taints, tolerations);
  if (used === undefined) return 0;
  return Math.max(0, Math.min(...used.map(({ tolerationSeconds }) => tolerationSeconds ?? Infinity)));
}
