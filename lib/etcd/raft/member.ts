import { fnv1a } from '../../sim/index.ts';

/** One etcd of a cluster. */
export interface RaftMember {
  /** In hexadecimal. */
  readonly id: string;
  name: string;
  readonly peerURL: string;
  clientURL: string;
  learner: boolean;
  /** False: it was added, and has never been there. */
  started: boolean;
  /** The last entry of its log. */
  index: number;
}

/** Differs from etcd: an id is made of the address alone, not of the time too. */
export function newMember({ name, peerURL, clientURL }: { name: string; peerURL: string; clientURL: string }, { learner = false } = {}): RaftMember {
  const half = (text: string) => fnv1a(text).toString(16).padStart(8, '0');
  return { id: `${half(peerURL)}${half(`${peerURL}#`)}`, name, peerURL, clientURL, learner, started: false, index: 0 };
}
