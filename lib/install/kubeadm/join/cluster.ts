// What a machine that joins reads of its cluster's configuration, with no more than a token (cmd/kubeadm/app/util/config/cluster.go).
import { StatusError } from '../../../api/index.ts';
import { type Client, ConnectionError } from '../../../client/index.ts';
import { parseYaml } from '../../../kubectl/index.ts';
import { initDefaults } from '../configuration/static-defaults.ts';
import type { ClusterConfiguration, ComponentConfig, InitConfiguration } from '../configuration/types.ts';
import type { Steps } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import type { KubeadmHost } from '../host.ts';
import { parseSemver } from '../semver.ts';
import type { JoinData } from './data.ts';
import { type Discovered, discover } from './discovery.ts';

export interface Known {
  found: Discovered;
  /** As if it were the first node, with the registration of this one. */
  init: InitConfiguration;
}

const namespace = 'kube-system';

/** Discovers the cluster, and reads how it is configured. */
export function* knowCluster(data: JoinData): Steps<Known> {
  if (data.known) return data.known;
  const found = yield* discover(data.host, data.join);
  const init = yield* readConfiguration(data, found);
  return (data.known = { found, init });
}

function* readConfiguration({ host, join }: JoinData, found: Discovered): Steps<InitConfiguration> {
  host.out("[preflight] Reading configuration from the cluster...\n[preflight] FYI: You can look at this config file with 'kubectl -n kube-system get cm kubeadm-config -o yaml'\n");
  const client = yield* clientOf(host, found);
  const { ClusterConfiguration: text } = mapOf(client, 'kubeadm-config', 'failed to get config map');
  if (!text) return fail(`${unable}: unexpected error when reading kubeadm-config ConfigMap: ClusterConfiguration key value pair missing`);
  const { apiVersion: _, kind: __, ...cluster } = parseYaml(text) as ClusterConfiguration & { apiVersion: string; kind: string };
  const [major, minor] = parseSemver(cluster.kubernetesVersion!).components;
  const component = (name: string, key: string): ComponentConfig => (parseYaml(mapOf(client, name, 'failed to get component configs')[key] ?? '') ?? {}) as ComponentConfig;
  const kubelet = component(`kubelet-config-${major}.${minor}`, 'kubelet');
  const kubeProxy = component('kube-proxy', 'config.conf');
  return { ...initDefaults({ kubelet, kubeProxy }, cluster), nodeRegistration: join.nodeRegistration };
}

const unable = 'unable to fetch the kubeadm-config ConfigMap';

/** With the token. */
export function* clientOf(host: KubeadmHost, { server, authority, token }: Discovered): Steps<Client> {
  const reached = yield* host.api({ server, authority, token, user: '', groups: [] });
  return 'error' in reached ? fail(`${unable}: failed to get config map: Get "${server}/api/v1/namespaces/kube-system/configmaps/kubeadm-config?timeout=10s": ${reached.error}`) : reached.client;
}

function mapOf(client: Client, name: string, context: string): Record<string, string> {
  try {
    return client.get('ConfigMap', { namespace, name }).data ?? {};
  } catch (error) {
    if (error instanceof StatusError || error instanceof ConnectionError) return fail(`${unable}: ${context}: ${error.message}`);
    throw error;
  }
}
