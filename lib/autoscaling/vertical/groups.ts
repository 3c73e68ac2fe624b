// How many pods of one controller may be disturbed at the same time (pkg/updater/restriction).
import type { KubeObject, Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';

/** Of the replicas that are wished for, this share may be missing. */
const tolerance = 0.5;

interface Group {
  configured: number;
  running: number;
  disturbed: number;
}

const ownerOf = ({ metadata }: Pod) => metadata.ownerReferences?.find(({ controller }) => controller);

export class Groups {
  readonly #groups = new Map<string, Group>();

  /** Groups with fewer pods than `least` are left alone. */
  constructor(client: Client, pods: readonly Pod[], least: number) {
    const byOwner = new Map<string, Pod[]>();
    for (const pod of pods) {
      const uid = ownerOf(pod)?.uid;
      if (uid) byOwner.set(uid, [...(byOwner.get(uid) ?? []), pod]);
    }
    for (const [uid, members] of byOwner) {
      const configured = replicasOf(client, members[0]!, members.length);
      if (members.length < least || configured === 0) continue;
      this.#groups.set(uid, { configured, running: members.filter(({ status }) => status.phase !== 'Pending').length, disturbed: 0 });
    }
  }

  mayGo(pod: Pod): boolean {
    const group = this.#groups.get(ownerOf(pod)?.uid ?? '');
    if (!group) return false;
    if (pod.status.phase === 'Pending') return true;
    const { configured, running, disturbed } = group;
    const mayMiss = Math.trunc(configured * tolerance);
    return running - disturbed > configured - mayMiss || (configured === running && mayMiss === 0 && disturbed === 0);
  }

  disrupted(pod: Pod): void {
    const group = this.#groups.get(ownerOf(pod)?.uid ?? '');
    if (group && pod.status.phase !== 'Pending') group.disturbed++;
  }
}

function replicasOf(client: Client, pod: Pod, living: number): number {
  const { kind, name } = ownerOf(pod)!;
  if (kind === 'Job') return living;
  const owner = client.find(kind, { namespace: pod.metadata.namespace!, name }) as (KubeObject & { spec?: { replicas?: number }; status?: { numberReady?: number } }) | undefined;
  return (kind === 'DaemonSet' ? owner?.status?.numberReady : owner?.spec?.replicas) ?? 0;
}
