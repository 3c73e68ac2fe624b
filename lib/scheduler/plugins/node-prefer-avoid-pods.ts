import { maxNodeScore, type Plugin } from '../framework.ts';

const annotation = 'scheduler.alpha.kubernetes.io/preferAvoidPods';

/** A node may ask by annotation to be spared the pods of a controller. */
export function nodePreferAvoidPods(): Plugin {
  return {
    name: 'NodePreferAvoidPods',
    local: true,
    score({ pod }, { node }) {
      const text = node.metadata.annotations?.[annotation];
      if (text === undefined) return maxNodeScore;
      const owner = pod.metadata.ownerReferences?.find((o) => o.controller);
      if (owner?.kind !== 'ReplicationController' && owner?.kind !== 'ReplicaSet') return maxNodeScore;
      return avoided(text).some(({ kind, uid }) => kind === owner.kind && uid === owner.uid) ? 0 : maxNodeScore;
    },
  };
}

interface Avoided {
  kind?: string;
  uid?: string;
}

function avoided(text: string): Avoided[] {
  try {
    const list = JSON.parse(text).preferAvoidPods ?? [];
    return list.map((entry: { podSignature?: { podController?: Avoided } }) => entry.podSignature?.podController ?? {});
  } catch {
    return [];
  }
}
