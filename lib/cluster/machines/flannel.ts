// flanneld of one node: it takes the range that the node was given, and writes down what the CNI plug-in has to know.
import type { Node } from '../../api/index.ts';
import { IPRange } from '../../api/index.ts';
import type { Component, RunningComponent } from '../../machine/index.ts';
import type { Station, World } from './world.ts';

const failed = 'Error registering network: failed to acquire lease';

/** Differs from flannel: a range of nodes that its own network does not contain is taken all the same. */
export function startFlannel({ world: { plane }, station: { machine }, component }: { world: World; station: Station; component: Component }): RunningComponent {
  const { files = machine.files, log, exit } = component;
  const config = JSON.parse(files.read('/etc/kube-flannel/net-conf.json') ?? '{}') as { Network?: string };
  const { server } = plane!.parts;
  const range = (server.storage.find(server.resourceOf('Node'), undefined, machine.name) as Node | undefined)?.spec.podCIDR;
  if (range === undefined) {
    log('main.go:292', `${failed}: node ${JSON.stringify(machine.name)} pod cidr not assigned`, 'E');
    exit?.(1);
    return { stop() {} };
  }
  const [, bits] = range.split('/');
  machine.files.makeDirectories('/run/flannel', 0o755);
  machine.files.write('/run/flannel/subnet.env', `FLANNEL_NETWORK=${config.Network ?? ''}\nFLANNEL_SUBNET=${new IPRange(range).at(0)}/${bits}\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n`, 0o644);
  log('main.go:322', 'Wrote subnet file to /run/flannel/subnet.env', 'I');
  return { stop() {} };
}
