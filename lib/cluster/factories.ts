import type { ServiceAccount } from '../api/index.ts';
import { horizontalPodAutoscalerController } from '../autoscaling/index.ts';
import type { ApiServer } from '../apiserver/index.ts';
import { controllers as builtIn, snapshotControllers } from '../controllers/index.ts';
import type { NetworkStorage } from '../machine/index.ts';
import type { ControllerFactory } from './controller-manager.ts';
import type { ClusterOptions } from './options.ts';

/** The controllers, with what their process is told at its start. */
export function factoriesOf({ controllers, pki }: ClusterOptions, { podCIDR, server, storage }: { podCIDR: string; server: ApiServer; storage: NetworkStorage }): Record<string, ControllerFactory> {
  const rootCA = pki?.rootCA;
  const authority = () => server.certificates;
  const table: Record<string, ControllerFactory | false> = {
    ...builtIn,
    horizontalpodautoscaling: horizontalPodAutoscalerController,
    nodeipam: (client) => builtIn.nodeipam!(client, { clusterCIDR: podCIDR }),
    csrsigning: (client) => builtIn['csrsigning']!(client, { authority }),
    csrcleaner: (client) => builtIn['csrcleaner']!(client, { authority }),
    'root-ca-cert-publisher': (client) => builtIn['root-ca-cert-publisher']!(client, { rootCA }),
    'serviceaccount-token': (client) => builtIn['serviceaccount-token']!(client, { rootCA, issueToken: (account: ServiceAccount, secret: string) => server.tokens.ofSecret(account, secret) }),
    'storage-provisioner': (client) => builtIn['storage-provisioner']!(client, { storage }),
    ...(controllers || {}),
  };
  for (const name of Object.keys(snapshotControllers)) delete table[name];
  return Object.fromEntries(Object.entries(table).filter((entry): entry is [string, ControllerFactory] => entry[1] !== false));
}
