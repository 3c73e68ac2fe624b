import type { Node } from '../api/index.ts';
import { type Client, type Controller, forObject } from '../client/index.ts';

const annotation = 'node.alpha.kubernetes.io/ttl';
/** The sizes overlap, so that a cluster at an edge does not go up and down. */
const steps = [
  { min: 0, max: 100, seconds: 0 },
  { min: 90, max: 500, seconds: 15 },
  { min: 450, max: 1000, seconds: 30 },
  { min: 900, max: 2000, seconds: 60 },
  { min: 1800, max: 10_000, seconds: 300 },
  { min: 9000, max: Infinity, seconds: 600 },
];

/** Tells the kubelets how long they may keep secrets and config maps: longer in a larger cluster (pkg/controller/ttl). */
export function ttlController(client: Client): Controller {
  let step = 0;
  return {
    name: 'ttl',
    // Every update of a node: after a change of the size each one learns of it with its next heartbeat.
    watches: [forObject('Node')],
    reconcile(request) {
      const node: Node | undefined = client.find('Node', request);
      const { size } = client.cache('Node');
      while (size > steps[step]!.max) step++;
      while (size < steps[step]!.min) step--;
      const { seconds } = steps[step]!;
      if (node && !(Number.parseInt(node.metadata.annotations?.[annotation] ?? '', 10) === seconds)) client.patch('Node', request, { metadata: { annotations: { [annotation]: String(seconds) } } });
    },
  };
}
