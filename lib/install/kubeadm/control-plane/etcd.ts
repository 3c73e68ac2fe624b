// The static pod of an etcd beside the API server (cmd/kubeadm/app/phases/etcd/local.go).
import { hostPort } from '../../../machine/index.ts';
import { isPort } from '../configuration/endpoint.ts';
import { etcdImage } from '../configuration/images.ts';
import type { InitConfiguration, LocalEtcd } from '../configuration/types.ts';
import type { KubeadmHost } from '../host.ts';
import { ports } from '../release.ts';
import { argumentList, livenessProbe, podManifest, type ProbeTarget, startupProbe } from './static-pod.ts';

/** Where its metrics are, which tell its health. */
function probeTarget({ extraArgs = {} }: LocalEtcd, localhost: string): ProbeTarget {
  const [, scheme = 'http', host = '', port = ''] = /^(https?):\/\/\[?([^/\]]*?)\]?(?::(\d+))?(?:\/|$)/.exec(extraArgs['listen-metrics-urls']?.split(',')[0] ?? '') ?? [];
  return { host: host || localhost, path: '/health', port: isPort(port) ? Number(port) : ports.etcdMetrics, scheme: scheme === 'https' ? 'HTTPS' : 'HTTP' };
}

/** `members`: those that are there already, with the new one. */
export function etcdManifest(host: KubeadmHost, { cluster, localAPIEndpoint, nodeRegistration }: InitConfiguration, members: readonly { name: string; peer: string }[] = []): string {
  const { certificatesDir: pki, apiServer } = cluster;
  const local = cluster.etcd.local!;
  const address = localAPIEndpoint.advertiseAddress!;
  const name = nodeRegistration.name!;
  const localhost = address.includes(':') ? '::1' : '127.0.0.1';
  const client = `https://${hostPort(address, ports.etcdClient)}`;
  const peer = `https://${hostPort(address, ports.etcdPeer)}`;
  const usual = {
    name,
    'listen-client-urls': `https://${hostPort(localhost, ports.etcdClient)},${client}`,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'data-dir': local.dataDir,
    'cert-file': `${pki}/etcd/server.crt`,
    'key-file': `${pki}/etcd/server.key`,
    'trusted-ca-file': `${pki}/etcd/ca.crt`,
    'client-cert-auth': 'true',
    'peer-cert-file': `${pki}/etcd/peer.crt`,
    'peer-key-file': `${pki}/etcd/peer.key`,
    'peer-trusted-ca-file': `${pki}/etcd/ca.crt`,
    'peer-client-cert-auth': 'true',
    'snapshot-count': '10000',
    'listen-metrics-urls': `http://${hostPort(localhost, ports.etcdMetrics)}`,
    ...(members.length === 0 ? { 'initial-cluster': `${name}=${peer}` } : { 'initial-cluster': members.map((one) => `${one.name}=${one.peer}`).join(','), 'initial-cluster-state': 'existing' }),
  };
  const target = probeTarget(local, localhost);
  const [data, certificates] = [
    { name: 'etcd-data', hostPath: local.dataDir, mountPath: local.dataDir },
    { name: 'etcd-certs', hostPath: `${pki}/etcd`, mountPath: `${pki}/etcd` },
  ];
  return podManifest({
    name: 'etcd',
    image: etcdImage(host, cluster),
    command: ['etcd', ...argumentList(usual, local.extraArgs)],
    volumes: [data, certificates],
    mounts: [data, certificates],
    probes: { livenessProbe: livenessProbe(target), startupProbe: startupProbe(target, apiServer.timeoutForControlPlane) },
    requests: { cpu: '100m', memory: '100Mi', 'ephemeral-storage': '100Mi' },
    annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': client },
  });
}
