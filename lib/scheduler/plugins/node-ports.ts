import { clash } from '../../api/index.ts';
import { type Plugin, skip, unschedulable } from '../framework.ts';

/** Two pods on one node cannot have the same port of the host. */
export function nodePorts(): Plugin {
  return {
    name: 'NodePorts',
    local: true,
    retryOn: ['NodeAdd', 'PodDelete'],
    preFilter: ({ shape }) => (shape.hostPorts.length > 0 ? undefined : skip),
    filter({ shape }, { pods }) {
      for (const wanted of shape.hostPorts) {
        for (const other of pods.values()) {
          for (const taken of other.shape.hostPorts) {
            if (clash(wanted, taken)) return unschedulable("node(s) didn't have free ports for the requested pod ports");
          }
        }
      }
      return undefined;
    },
  };
}
