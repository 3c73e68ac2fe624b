// Configuration as kubeadm writes it (v1beta2): empty fields are left out, except those that Go always writes.
import { printYaml } from '../../../kubectl/index.ts';
import type { ClusterConfiguration, InitConfiguration, JoinConfiguration, NodeRegistration } from './types.ts';

const apiVersion = 'kubeadm.k8s.io/v1beta2';
export const separator = '---\n';

/** Without what is empty. */
const some = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '' && value !== 0 && value !== false && !(Array.isArray(value) && value.length === 0) && !(typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0))) as Partial<T>;

const node = ({ taints, ...rest }: NodeRegistration) => ({ ...some(rest), taints: taints ? taints.map(some) : null });

export function clusterDocument({ apiServer, controllerManager, scheduler, dns, etcd, networking, ...rest }: ClusterConfiguration): string {
  const local = etcd.local && { local: { ...some(etcd.local), dataDir: etcd.local.dataDir } };
  return printYaml({
    ...some(rest),
    apiServer: some(apiServer),
    controllerManager: some(controllerManager),
    scheduler: some(scheduler),
    dns: { ...some(dns), type: dns.type },
    etcd: { ...local, ...(etcd.external && { external: etcd.external }) },
    networking: some(networking),
    apiVersion,
    kind: 'ClusterConfiguration',
  });
}

export function initDocuments({ bootstrapTokens, nodeRegistration, localAPIEndpoint, certificateKey, cluster }: InitConfiguration): string {
  const init = printYaml({ ...some({ bootstrapTokens: bootstrapTokens.map(some), certificateKey }), localAPIEndpoint: some(localAPIEndpoint), nodeRegistration: node(nodeRegistration), apiVersion, kind: 'InitConfiguration' });
  return `${init}${separator}${clusterDocument(cluster)}`;
}

export function joinDocument({ nodeRegistration, discovery, controlPlane, caCertPath }: JoinConfiguration): string {
  const { bootstrapToken, ...rest } = discovery;
  const control = controlPlane && { ...some(controlPlane), localAPIEndpoint: some(controlPlane.localAPIEndpoint) };
  return printYaml({ caCertPath, discovery: { ...some(rest), ...(bootstrapToken && { bootstrapToken: { ...some(bootstrapToken), token: bootstrapToken.token } }) }, nodeRegistration: node(nodeRegistration), ...some({ controlPlane: control }), apiVersion, kind: 'JoinConfiguration' });
}
