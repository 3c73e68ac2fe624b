// kubectl on a machine: whichever API server its kubeconfig leads to.
import { readCertificate } from '../../etcd/index.ts';
import type { KubectlOptions } from '../../kubectl/index.ts';
import type { Machine } from '../../machine/index.ts';
import type { Command } from '../../workloads/index.ts';
import { connectKubelets } from '../kubelets.ts';
import { type ApiDoor, machineKubectl } from '../machine-kubectl.ts';
import { clientsOfUsers } from '../user-clients.ts';
import { kubectlOptions } from '../workstation.ts';
import { clientOfNobody, serverOfNobody } from './nobody.ts';
import { type ControlPlane, isServing, type World } from './world.ts';

const usersOf = ({ parts: { server, loop, random, serves } }: ControlPlane) => clientsOfUsers({ server, loop, random, reachable: serves });

function doorOf(plane: ControlPlane): ApiDoor {
  const { machine } = plane.station;
  const { names = [], addresses = [] } = (readCertificate(machine.files.read('/etc/kubernetes/pki/apiserver.crt') ?? '') ?? {}) as { names?: string[]; addresses?: string[] };
  return { server: plane.parts.server, authority: () => plane.authority, names: () => [...names, ...addresses], ...usersOf(plane) };
}

function optionsWithout(world: World): KubectlOptions {
  const server = serverOfNobody(world);
  const client = clientOfNobody(world, server);
  return kubectlOptions({ client, clientAs: () => client, clientWith: () => client, server, loop: world.loop, serves: () => false, meets: () => 'accept', kubelets: connectKubelets({ server, nodes: new Map(), network: world.network }) });
}

export function kubectlOn(world: World, machine: Machine): Command {
  const without = optionsWithout(world);
  return machineKubectl({
    machine,
    door: (ip, port) => (world.plane && isServing(world.plane) && world.plane.station.machine.ips.includes(ip) && world.plane.station.ports.has(port) ? doorOf(world.plane) : undefined),
    get common() {
      return world.plane ? kubectlOptions({ ...world.plane.parts, ...usersOf(world.plane), meets: () => 'accept' }) : without;
    },
  });
}
