// Defaults that depend on nothing (cmd/kubeadm/app/apis/kubeadm/v1beta2/defaults.go). What was given stays.
import { parseGoDuration } from '../../../kubectl/index.ts';
import { paths, ports, v1_20 } from '../release.ts';
import type { BootstrapTokenSpec, ClusterConfiguration, InitConfiguration, JoinConfiguration } from './types.ts';

/** `24h0m0s`, as Go prints a duration. */
export function goDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  if (Math.abs(milliseconds) < 1000) return `${milliseconds}ms`;
  const sign = milliseconds < 0 ? '-' : '';
  const seconds = Math.abs(milliseconds) / 1000;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${Number((seconds % 60).toFixed(9))}s`;
  return sign + (hours > 0 ? `${hours}h${minutes}m${rest}` : minutes > 0 ? `${minutes}m${rest}` : rest);
}

/** As it is written again: `24h` becomes `24h0m0s`. */
const normal = (duration: string) => goDuration(parseGoDuration(duration) ?? 0);

export const tokenUsages = ['signing', 'authentication'];
export const tokenGroups = ['system:bootstrappers:kubeadm:default-node-token'];

const filled = <T>(values: readonly T[] | undefined, otherwise: readonly T[]): T[] => [...(values && values.length > 0 ? values : otherwise)];

export const tokenDefaults = (token: BootstrapTokenSpec): BootstrapTokenSpec => ({
  ...token,
  ttl: normal(token.ttl ?? '24h'),
  usages: filled(token.usages, tokenUsages),
  groups: filled(token.groups, tokenGroups),
});

export function clusterDefaults({ networking, apiServer, etcd, ...cluster }: Partial<ClusterConfiguration> = {}): ClusterConfiguration {
  const { external, local = external ? undefined : { dataDir: '' } } = etcd ?? {};
  return {
    ...cluster,
    kubernetesVersion: cluster.kubernetesVersion || 'stable-1',
    networking: { ...networking, serviceSubnet: networking?.serviceSubnet || '10.96.0.0/12', dnsDomain: networking?.dnsDomain || 'cluster.local' },
    certificatesDir: cluster.certificatesDir || paths.certificates,
    imageRepository: cluster.imageRepository || v1_20.imageRepository,
    clusterName: cluster.clusterName || 'kubernetes',
    dns: { ...cluster.dns, type: cluster.dns?.type || 'CoreDNS' },
    etcd: { ...(local && { local: { ...local, dataDir: local.dataDir || paths.etcd } }), ...(external && { external }) },
    apiServer: { ...apiServer, timeoutForControlPlane: normal(apiServer?.timeoutForControlPlane ?? '4m') },
    controllerManager: cluster.controllerManager ?? {},
    scheduler: cluster.scheduler ?? {},
  };
}

export function initDefaults(given: Partial<Omit<InitConfiguration, 'cluster'>> = {}, cluster: Partial<ClusterConfiguration> = {}): InitConfiguration {
  const tokens = filled(given.bootstrapTokens, [{}]);
  return {
    bootstrapTokens: tokens.map(tokenDefaults),
    nodeRegistration: { ...given.nodeRegistration },
    localAPIEndpoint: { ...given.localAPIEndpoint, bindPort: given.localAPIEndpoint?.bindPort || ports.apiserver },
    ...(given.certificateKey && { certificateKey: given.certificateKey }),
    cluster: clusterDefaults(cluster),
    kubelet: { ...given.kubelet },
    kubeProxy: { ...given.kubeProxy },
  };
}

export function joinDefaults({ discovery = {}, controlPlane, ...given }: Partial<JoinConfiguration> = {}): JoinConfiguration {
  const tlsBootstrapToken = discovery.tlsBootstrapToken || discovery.bootstrapToken?.token;
  return {
    nodeRegistration: { ...given.nodeRegistration },
    caCertPath: given.caCertPath || paths.caCertificate,
    discovery: { ...discovery, ...(tlsBootstrapToken && { tlsBootstrapToken }), timeout: normal(discovery.timeout ?? '5m') },
    ...(controlPlane && { controlPlane: { ...controlPlane, localAPIEndpoint: { ...controlPlane.localAPIEndpoint, bindPort: controlPlane.localAPIEndpoint?.bindPort || ports.apiserver } } }),
  };
}
