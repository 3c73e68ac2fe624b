import type { Node, RequestKey } from '../api/index.ts';
import type { Client } from '../client/index.ts';
import type { NodeDriver } from './volumes/csi-node.ts';
import type { Machine, Network, Runtime } from '../machine/index.ts';
import type { Loop, Random } from '../sim/index.ts';
import type { SystemUse } from './stats/index.ts';

/** A client that ends with the process that holds it. Its cache of pods holds those of the node only. */
export type KubeletClient = Client & { stop?(): void };

export interface KubeletOptions {
  /** Makes a client for one life of the kubelet. */
  connect(): KubeletClient;
  loop: Loop;
  random: Random;
  machine: Machine;
  runtime: Runtime;
  network: Network;
  /** Where requests of the API server to port 10250 come from. */
  apiServerAddress?: string;
  nodeName?: string;
  maxPods?: number;
  labels?: Record<string, string>;
  taints?: NonNullable<Node['spec']['taints']>;
  /** A cloud-controller-manager completes the Node. */
  externalCloud?: boolean | undefined;
  /** Keys for the certificates that it asks for. */
  newKey?(): RequestKey;
  /** CSI drivers that run on this machine. */
  csiDrivers?: readonly NodeDriver[];
  /** What its machine uses beside pods; by default that of a worker. */
  system?: SystemUse;
  /** Environment variables of the Services that containers of a namespace find. */
  services?(namespace: string): Readonly<Record<string, string>>;
}
