// What a cluster is to whoever holds it.
import type { Version } from '../api/index.ts';
import type { ApiServer, RequestRecord } from '../apiserver/index.ts';
import type { Client, Key } from '../client/index.ts';
import type { Snapshot } from '../etcd/index.ts';
import type { Machine } from '../machine/index.ts';
import type { CniFactory, PolicyEngine } from '../network/index.ts';
import type { Explanation } from '../scheduler/index.ts';
import type { Loop } from '../sim/index.ts';
import type { Drawing } from '../view/index.ts';
import type { Connection, CriCall } from './calls.ts';
import type { Cloud } from './cloud/start.ts';
import type { ControllerFactory } from './controller-manager.ts';
import type { Etcd } from './etcd.ts';
import type { Faults } from './faults.ts';
import type { DockerHost } from './host.ts';
import type { Kubelets } from './kubelets.ts';
import type { Host } from './machine-shell.ts';
import type { Problem } from './problems.ts';
import type { Trace, TraceOptions } from './trace.ts';
import type { WebhookHandler } from './webhooks.ts';
import type { Workstation } from './workstation.ts';

/** A running cluster. Nothing in it moves unless time is told to pass. */
export interface Cluster extends Workstation {
  readonly version: Version;
  readonly seed: number | string;
  /** An administrator's typed client. */
  readonly client: Client;
  readonly server: ApiServer;
  readonly loop: Loop;
  /** Virtual time, RFC 3339. */
  readonly now: string;
  /** Lets time pass: `'30s'`, `'5m'`, or milliseconds. */
  advance(time: string | number): void;
  /** Runs until nothing is due at this instant. */
  settle(): void;
  /** The API servers: where each runs, whether it takes connections, how many requests it has answered. */
  apiServers(): readonly { machine: string; up: boolean; requests: number }[];
  /** Every request that the API server answered, oldest first. */
  requests(): readonly RequestRecord[];
  /** What the kubelet of a machine (of all machines, when none is named) asked of its container runtime, oldest first. */
  criCalls(machine?: string): readonly CriCall[];
  /** Who called whom, over all lines of the cluster, oldest first. */
  connections(): readonly Connection[];
  /** What each scheduler plugin says about a pod, node by node; printed, the sums. The namespace is `default` when a name is given. */
  explain(pod: string | Key): Explanation & { readonly drawing: Drawing };
  /** Sends a packet and tells its way: every hop, and the rule that decided. */
  trace(options: TraceOptions): Trace;
  readonly fault: Faults;
  /** The cloud that the machines are rented from. Throws when there is none: `createCluster({ cloud: true })`. */
  readonly cloud: Cloud;
  /** The keys behind the API server: `cluster.etcd.range({ prefix: '/registry/pods/' })`. */
  readonly etcd: Etcd;
  /** Puts a snapshot (`cluster.etcd.snapshot()`) back, and starts the control plane and the kubelets on it. */
  restore(snapshot: Snapshot): void;
  /** What the API server reaches at the nodes: logs, exec, ports of pods. */
  readonly kubelets: Kubelets;
  readonly machines: ReadonlyMap<string, Machine>;
  /** A machine, and a shell on it: ``cluster.machine('worker-1').sh`iptables-save` ``. */
  machine(name: string): Host;
  /** The learner's desk as a host with Docker: what it pushes, the nodes can pull. Files of `cluster.file` lie in its home. */
  readonly workstation: DockerHost;
  /** Puts a network plug-in of one's own in the place of the built-in one, one for each node; pods that run keep their addresses. */
  cni(factory: CniFactory | undefined): void;
  /** Puts a judge of one's own in the place of the one that enforces NetworkPolicies. Throws where the plug-in enforces none. */
  policyEngine(engine: PolicyEngine | undefined): void;
  /** Puts a controller of one's own in the place of a built-in one (or beside them, under a new name); undefined removes it. */
  replace(name: string, factory: ControllerFactory | undefined): void;
  /**
   * Puts a function behind a Service (`namespace/name`, or `namespace/name/path`) or a URL that a webhook configuration names:
   * the API server asks it about writes.
   */
  webhook(target: string, handler: WebhookHandler | undefined): void;
  /** Draws the nodes and the pods of a namespace (default `default`): an SVG in Jupyter, text elsewhere. */
  show(namespace?: string): void;
  /** What controllers threw. */
  readonly problems: readonly Problem[];
}
