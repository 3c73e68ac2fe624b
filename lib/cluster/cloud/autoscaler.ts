// The cluster autoscaler as a process: beside the control plane where a cloud manages it, or in a pod.
import { type Pod, StatusError } from '../../api/index.ts';
import { clusterAutoscaler, parseFlags } from '../../autoscaling/index.ts';
import { type Client, runController } from '../../client/index.ts';
import type { Component, Network } from '../../machine/index.ts';
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
      const running = runController(autoscalerOver(api, { client, flags }), client, around.loop, onError);
      life = { stop: () => (running.stop(), clients.stop()) };
    },
    stop() {
      life?.stop();
      life = undefined;
    },
  };
}

function autoscalerOver(api: GroupApi, { client, flags, log }: { client: Client; flags: ReturnType<typeof parseFlags>; log?: Component['log'] }) {
  return clusterAutoscaler(client, { groups: nodeGroupsOf(api), simulate: (nodes, pods) => simulate(client, nodes, pods), flags, ...(log && { log }) });
}

/** For a pod of the image: it may do what its service account may. */
export function autoscalersInPods({ api, onError, ...around }: Omit<AutoscalerParts, 'argv'>): NonNullable<Network['runComponent']> {
  const { server } = around;
  return ({ namespace, name }, { name: program, argv, log }) => {
    if (program !== 'cluster-autoscaler') return undefined;
    const provider = argv.find((word) => word.startsWith('--cloud-provider='))?.slice('--cloud-provider='.length);
    const flags = parseFlags(argv, server.version);
    if (provider !== 'kubook') throw new Error(`unknown cloud provider: ${provider ?? ''}`);
    const pod = server.storage.get(server.resourceOf('Pod'), namespace, name) as Pod;
    const account = pod.spec.serviceAccountName ?? 'default';
    const clients = clientsOf(around, `${program}/${pod.metadata.uid}`);
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
    const client = clients.client({ name: program, user: `system:serviceaccount:${namespace}:${account}`, groups, eventSource: { component: program } });
    const failed: typeof onError = (controller, key, error) => {
      log('static_autoscaler.go:337', (error as Error).message, 'E');
      // What it may not do is nobody's mistake but its owner's.
      if (!(error instanceof StatusError)) onError(controller, key, error);
    };
    const running = runController(autoscalerOver(api, { client, flags, log }), client, around.loop, failed);
    return { stop: () => (running.stop(), clients.stop()) };
  };
}
