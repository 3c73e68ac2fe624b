// Daemon pods that have ended are replaced, ever more slowly where that does not help: a kubelet may refuse each of them.
import type { DaemonSet, Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';

const first = 1000;
const longest = 15 * 60_000;

interface Replacement {
  set: DaemonSet;
  pod: Pod;
  node: string;
  /** Gets the milliseconds to wait when it is too early. */
  waits: number[];
}

export function endedPods(client: Client) {
  const { clock, version } = client;
  const backOffs = new Map<string, { delay: number; at: number }>();

  function inBackOff(key: string): boolean {
    const entry = backOffs.get(key);
    return entry !== undefined && clock.now - entry.at < entry.delay;
  }

  function next(key: string): void {
    const entry = backOffs.get(key);
    const reset = !entry || clock.now - entry.at > 2 * longest;
    backOffs.set(key, { delay: reset ? first : Math.min(entry.delay * 2, longest), at: clock.now });
  }

  return {
    mayReplace({ set, pod, node, waits }: Replacement): boolean {
      const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
      if (pod.status.phase === 'Succeeded') {
        if (!version.has('daemon-set-succeeded-pods')) return false;
        client.event(set, 'Normal', 'SucceededDaemonPod', `Found succeeded daemon pod ${name} on node ${node}, will try to delete it`);
        return true;
      }
      const key = `${set.metadata.uid}/${set.status.observedGeneration ?? 0}/${node}`;
      if (inBackOff(key)) {
        waits.push(backOffs.get(key)!.delay);
        return false;
      }
      next(key);
      client.event(set, 'Warning', 'FailedDaemonPod', `Found failed daemon pod ${name} on node ${node}, will try to kill it`);
      return true;
    },
  };
}
