// The recordings' fake kubelet: sets pods Running and Ready (at once or on command), removes deleted ones, sends heartbeats.
import { isNotFound, type Node, type Pod } from '../../../lib/api/index.ts';
import type { Client, Controller } from '../../../lib/client/index.ts';
import { forObject } from '../../../lib/client/index.ts';
import { microTimestamp, timestamp } from '../../../lib/sim/index.ts';
import { type PodScript, usualRemoval } from './script.ts';

export interface PodReport {
  ready: boolean;
  restarts?: number;
}

const usual: PodScript = { start: 0, remove: usualRemoval };

/** Runs pods as the script says; `scriptOf` knows a pod by its recorded name. */
export function fakeKubelet(client: Client, scriptOf: (pod: Pod) => PodScript | undefined, report: (pod: Pod, report: PodReport) => void): Controller {
  const assigned = new Map<string, number>();
  const marked = new Map<string, number>();
  const since = (times: Map<string, number>, uid: string) => times.get(uid) ?? (times.set(uid, client.clock.now), client.clock.now);
  return {
    name: 'fake-kubelet',
    watches: [forObject('Pod')],
    reconcile(request) {
      const pod = client.find('Pod', request);
      if (!pod?.spec.nodeName) return;
      const { start, remove } = scriptOf(pod) ?? usual;
      const { uid, deletionTimestamp } = pod.metadata;
      const wait = deletionTimestamp ? remove : start;
      if (wait === undefined || (!deletionTimestamp && pod.status.phase !== 'Pending')) return;
      const due = since(deletionTimestamp ? marked : assigned, uid) + wait;
      if (due > client.clock.now) return { requeueAfter: due - client.clock.now };
      if (!deletionTimestamp) return report(pod, { ready: true });
      try {
        client.delete(pod, { gracePeriodSeconds: 0 });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

/** What a kubelet writes about a pod. */
export function podStatus(pod: Pod, { ready, restarts = 0 }: PodReport, ip: string, now: number): Partial<Pod['status']> {
  const status = ready ? 'True' : 'False';
  const old = pod.status.conditions?.find(({ type }) => type === 'Ready');
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : timestamp(now);
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'Ready');
  const { name, image } = pod.spec.containers[0]!;
  const containerStatuses = [{ name, image: image!, imageID: '', ready, restartCount: restarts }];
  return { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: [...others, { type: 'Ready', status, lastTransitionTime }], containerStatuses };
}

export interface NodeReport {
  status: string;
  reason: string;
  message: string;
}

export const readyReport: NodeReport = { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };

export function nodeConditions(node: Node, ready: NodeReport, now: number): Node['status']['conditions'] {
  const old = node.status.conditions?.find(({ type }) => type === 'Ready');
  const lastTransitionTime = old?.status === ready.status ? old.lastTransitionTime : timestamp(now);
  return [{ type: 'Ready', ...ready, lastHeartbeatTime: timestamp(now), lastTransitionTime }, ...(node.status.conditions ?? []).filter(({ type }) => type !== 'Ready')];
}

/** Renews a node's lease. */
export function heartbeat(client: Client, name: string): void {
  const renewTime = microTimestamp(client.clock.now);
  const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime };
  const key = { namespace: 'kube-node-lease', name };
  if (client.cache('Lease').get(key)) client.patch('Lease', key, { spec }, { type: 'merge' });
  else client.create({ kind: 'Lease', metadata: key, spec });
}
