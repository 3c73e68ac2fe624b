// A cluster in a cloud: its machines are rented, somebody outside can reach them, and a cloud-controller-manager speaks for it.
import { cloudControllers, csiAttacher, type LoadBalancer, serviceController, storageProvisioner } from '../../controllers/index.ts';
import type { Client } from '../../client/index.ts';
import { createMachine, type Machine } from '../../machine/index.ts';
import type { ClusterNetwork } from '../../network/index.ts';
import { type ControllerManager, createControllerManager } from '../controller-manager.ts';
import type { Process, Surroundings } from '../process.ts';
import { autoscalerProcess, autoscalersInPods } from './autoscaler.ts';
import { type CloudApi, type CloudOptions, FakeCloud } from './cloud.ts';
import { diskDriver, diskObjects } from './disk-driver.ts';
import type { NodeGroupOptions } from './groups.ts';
import { kubookProvider } from './provider.ts';

/** The cloud, and how to put load balancers of one's own into its provider. */
export type Cloud = FakeCloud & {
  /**
   * Restarts the cloud-controller-manager with these calls in the place of the provider's own; they are made anew whenever it
   * starts: what they remembered is lost.
   */
  use(make: (api: CloudApi) => LoadBalancer): void;
};

export interface CloudParts extends Surroundings {
  options: CloudOptions;
  network: ClusterNetwork;
  /** The rented machines. */
  machines: ReadonlyMap<string, Machine>;
  podCIDR: string;
  /** An administrator's, who installs the driver of the disks. */
  client: Client;
  /** Sets a machine of a group up and lets it join. */
  join(name: string, options: NodeGroupOptions): Machine;
  onError(controller: string, key: string, error: unknown): void;
}

export interface CloudSetup {
  cloud: Cloud;
  manager: ControllerManager;
  /** The controller of the disks' CSI driver, with the sidecars beside it. */
  disks: ControllerManager;
  /** Missing where nobody asked for it. */
  autoscaler?: Process | undefined;
  /** A computer somewhere in the internet. */
  outside: Machine;
}

/** Its name in `cluster.machine('laptop')`, and its address. */
const [outsideName, outsideIP] = ['laptop', '192.0.2.10'];

export function startCloud({ options, network, podCIDR, client, onError, machines, join, ...around }: CloudParts): CloudSetup {
  const { clock } = around.loop;
  const fake = new FakeCloud({ clock, machines, zones: options.zones, state: options.state, nodeGroups: options.nodeGroups, join });
  const factories = cloudControllers(kubookProvider(fake), { clusterCIDR: podCIDR });
  const manager = createControllerManager({ ...around, name: 'cloud-controller-manager', user: 'system:serviceaccount:kube-system:cloud-controller-manager', factories, onError });
  const use = (make: (api: CloudApi) => LoadBalancer) => {
    const wasRunning = manager.running;
    manager.stop();
    manager.replace('service', (client) => serviceController(client, { loadBalancer: make(fake) }));
    if (wasRunning) manager.start();
  };
  const outside = createMachine({ name: outsideName, clock, ip: outsideIP, kernelModules: [] });
  network.attachHost(outsideName, outsideIP, { listener: () => undefined }, { boots: 1, isNode: false });
  const privateIP = (name: string) => machines.get(name)?.ip ?? '';
  network.edge = {
    random: around.random.fork('edge'),
    balancers: () => fake.balancers().map(({ machines: backends, sourceRanges = [], affinity = false, ...rest }) => ({ ...rest, backends, sourceRanges, affinity })),
    machineAt(publicIP) {
      const found = fake.instances().find((one) => one.publicIP === publicIP);
      return found && { name: found.name, ip: found.privateIP };
    },
    routes: () => fake.routes(),
    addressOf: privateIP,
    probe: (name, check) => network.probe(privateIP(name), check),
  };
  const driver = diskDriver(fake);
  const sidecars = { 'csi-attacher': (own: Client) => csiAttacher(own, { driver }), 'csi-provisioner': (own: Client) => storageProvisioner(own, { driver }) };
  const disks = createControllerManager({ ...around, name: 'disk-csi-controller', user: 'system:serviceaccount:kube-system:disk-csi-controller', factories: sidecars, onError });
  for (const object of diskObjects) if (!client.list(object.kind!).items.some(({ metadata }) => metadata.name === object.metadata!.name)) client.create(object);
  disks.start();
  if (options.controllerManager !== false) manager.start();
  const autoscaler = options.autoscaler ? autoscalerProcess({ ...around, api: fake, argv: options.autoscaler === true ? [] : options.autoscaler, onError }) : undefined;
  autoscaler?.start();
  network.runComponent = autoscalersInPods({ ...around, api: fake, onError });
  return { cloud: Object.assign(fake, { use }), manager, disks, autoscaler, outside };
}
