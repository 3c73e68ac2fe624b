// A plug-in of one's own.
import type { Sandbox } from './way.ts';

/** A learner's own plug-in, one for each node: CNI's ADD and DEL. */
export interface CniPlugin {
  /** Gives the container an address; what it throws is the reason of the failure. */
  add(request: CniRequest): string;
  del(request: CniRequest): void;
}
export interface CniRequest {
  containerID: string;
  namespace: string;
  pod: string;
}
export type CniFactory = (host: { node: string; podCIDR: string }) => CniPlugin;

export const requestOf = ({ uid = '', namespace = '', name = '' }: Sandbox): CniRequest => ({ containerID: uid, namespace, pod: name });
