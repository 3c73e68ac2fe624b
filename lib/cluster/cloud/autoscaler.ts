// The cluster autoscaler as a process: beside the control plane where a cloud manages it.
import { clusterAutoscaler, parseFlags } from '../../autoscaling/index.ts';
import { runController } from '../../client/index.ts';
import { clientsOf, type Process, type Surroundings } from '../process.ts';
import type { GroupApi } from './cloud.ts';
import { nodeGroupsOf } from './node-groups.ts';
import { simulate } from './simulation.ts';

export interface AutoscalerParts extends Surroundings {
  api: GroupApi;
  argv: readonly string[];
  onError(controller: string, key: string, error: unknown): void;
}

export function autoscalerProcess({ api, argv, onError, ...around }: AutoscalerParts): Process {
  const name = 'cluster-autoscaler';
  const flags = parseFlags(argv, around.server.version);
  let life: { stop(): void } | undefined;
  return {
    name,
    get running() {
      return life !== undefined;
    },
    start() {
      if (life) return;
      const clients = clientsOf(around, name);
      const client = clients.client({ user: 'system:serviceaccount:kube-system:cluster-autoscaler', eventSource: { component: name } });
      const running = runController(clusterAutoscaler(client, { groups: nodeGroupsOf(api), simulate: (nodes, pods) => simulate(client, nodes, pods), flags }), client, around.loop, onError);
      life = { stop: () => (running.stop(), clients.stop()) };
    },
    stop() {
      life?.stop();
      life = undefined;
    },
  };
}
