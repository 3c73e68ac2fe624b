// kube-controller-manager (and cloud-controller-manager): one process, many controllers, one set of caches.
import type { Client, Controller, RunningController } from '../client/index.ts';
import { runController } from '../client/index.ts';
import { clientsOf, type Process, type Surroundings } from './process.ts';

export type ControllerFactory = (client: Client) => Controller;

/** Names that controllers sign their events with, where it is not `<name>-controller`. */
const eventSources: Record<string, string> = {
  replicationcontroller: 'replication-controller',
  garbagecollector: 'garbage-collector-controller',
  nodelifecycle: 'node-controller',
  nodeipam: 'cidrAllocator',
  podgc: 'pod-garbage-collector',
  endpointslice: 'endpoint-slice-controller',
  endpointslicemirroring: 'endpoint-slice-mirroring-controller',
  disruption: 'controllermanager',
  horizontalpodautoscaling: 'horizontal-pod-autoscaler',
  'persistentvolume-binder': 'persistentvolume-controller',
  'ephemeral-volume': 'ephemeral_volume',
  route: 'route_controller',
  'vpa-recommender': 'vpa-recommender',
  'vpa-updater': 'vpa-updater',
  'snapshot-controller': 'snapshot-controller',
  'csi-snapshotter': 'csi-snapshotter',
};

/** Service accounts of controllers, where they are not named as the source of their events. */
const accounts: Record<string, string> = {
  'ephemeral-volume': 'ephemeral-volume-controller',
  garbagecollector: 'generic-garbage-collector',
  serviceaccount: 'service-account-controller',
  nodeipam: 'node-controller',
  'taint-eviction-controller': 'node-controller',
  'root-ca-cert-publisher': 'root-ca-cert-publisher',
  daemonset: 'daemon-set-controller',
  endpointslice: 'endpointslice-controller',
  endpointslicemirroring: 'endpointslicemirroring-controller',
  disruption: 'disruption-controller',
  bootstrapsigner: 'bootstrap-signer',
  tokencleaner: 'token-cleaner',
  'persistentvolume-binder': 'persistent-volume-binder',
  'storage-provisioner': 'persistent-volume-binder',
  csrsigning: 'certificate-controller',
  csrapproving: 'certificate-controller',
  csrcleaner: 'certificate-controller',
};

/** The process itself lists and watches for all of its controllers, and makes the tokens of service accounts. */
const ownUser = 'system:kube-controller-manager';

/** Controllers that patch the status of pods or nodes, as their rights say. */
const patching = ['podgc', 'taint-eviction-controller', 'attachdetach'];

export interface ControllerManager extends Process {
  /** Puts `factory` in the place of a built-in controller, or adds one under a new name. */
  replace(name: string, factory: ControllerFactory | undefined): void;
  readonly names: readonly string[];
}

export interface ControllerManagerOptions extends Surroundings {
  /** Default `kube-controller-manager`. */
  name?: string;
  /** Who all of its controllers are, where they have no accounts of their own. */
  user?: string;
  factories: Record<string, ControllerFactory>;
  onError?(controller: string, key: string, error: unknown): void;
}

export function createControllerManager({ factories, onError, name: manager = 'kube-controller-manager', user: everybody, ...around }: ControllerManagerOptions): ControllerManager {
  const table = new Map(Object.entries(factories));
  let life: { stop(): void; started: Map<string, RunningController>; run(name: string, factory: ControllerFactory): void } | undefined;

  function begin() {
    const clients = clientsOf(around, manager);
    const started = new Map<string, RunningController>();
    return {
      started,
      run(name: string, factory: ControllerFactory) {
        const component = eventSources[name] ?? `${name}-controller`;
        const user = everybody ?? (name === 'serviceaccount-token' ? ownUser : `system:serviceaccount:kube-system:${accounts[name] ?? component}`);
        const client = clients.client({ eventSource: { component }, user, informerUser: everybody ?? ownUser, statusVerb: patching.includes(name) ? 'patch' : 'update' });
        started.set(name, runController(factory(client), client, around.loop, onError));
      },
      stop() {
        for (const controller of started.values()) controller.stop();
        clients.stop();
      },
    };
  }

  return {
    name: manager,
    get running() {
      return life !== undefined;
    },
    get names() {
      return [...table.keys()];
    },
    start() {
      if (life) return;
      life = begin();
      for (const [name, factory] of table) life.run(name, factory);
    },
    stop() {
      life?.stop();
      life = undefined;
    },
    replace(name, factory) {
      life?.started.get(name)?.stop();
      life?.started.delete(name);
      if (!factory) {
        table.delete(name);
        return;
      }
      table.set(name, factory);
      life?.run(name, factory);
    },
  };
}
