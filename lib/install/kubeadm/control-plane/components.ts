// The static pods of the API server, the controller manager and the scheduler (cmd/kubeadm/app/phases/controlplane/manifests.go).
import { hostPort } from '../../../machine/index.ts';
import { kubernetesImage } from '../configuration/images.ts';
import type { APIEndpoint, ClusterConfiguration, InitConfiguration } from '../configuration/types.ts';
import { type KubeadmHost, log } from '../host.ts';
import { paths, ports } from '../release.ts';
import { argumentList, livenessProbe, podManifest, probeAddress, readinessProbe, startupProbe } from './static-pod.ts';
import { type ControlPlaneName, volumesOf } from './volumes.ts';

export const componentNames: readonly ControlPlaneName[] = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

const modes = ['Node', 'RBAC', 'Webhook', 'ABAC', 'AlwaysAllow', 'AlwaysDeny'];
const usualModes = 'Node,RBAC';

function authorizationMode(host: KubeadmHost, given = ''): string {
  const wanted = given.split(',').filter(Boolean);
  for (const mode of wanted) if (!modes.includes(mode)) log(host, 'manifests.go:225', `ignoring unknown kube-apiserver authorization-mode ${JSON.stringify(mode)}`);
  const known = wanted.filter((mode) => modes.includes(mode)).join(',');
  if (known && known !== usualModes) log(host, 'manifests.go:232', `the default kube-apiserver authorization-mode is ${JSON.stringify(usualModes)}; using ${JSON.stringify(known)}`);
  return known || usualModes;
}

function etcdArguments({ etcd, certificatesDir }: ClusterConfiguration, { advertiseAddress = '' }: APIEndpoint): Record<string, string> {
  const { external, local } = etcd;
  if (external) return { 'etcd-servers': external.endpoints.join(','), ...(external.caFile && { 'etcd-cafile': external.caFile }), ...(external.certFile && external.keyFile && { 'etcd-certfile': external.certFile, 'etcd-keyfile': external.keyFile }) };
  const server = `https://${hostPort(advertiseAddress.includes(':') ? '::1' : '127.0.0.1', ports.etcdClient)}`;
  return { 'etcd-servers': local?.extraArgs?.['advertise-client-urls'] ?? server, 'etcd-cafile': `${certificatesDir}/etcd/ca.crt`, 'etcd-certfile': `${certificatesDir}/apiserver-etcd-client.crt`, 'etcd-keyfile': `${certificatesDir}/apiserver-etcd-client.key` };
}

const gates = ({ featureGates = {} }: ClusterConfiguration): Record<string, string> => ('IPv6DualStack' in featureGates ? { 'feature-gates': `IPv6DualStack=${featureGates['IPv6DualStack']}` } : {});

function apiserverArguments(host: KubeadmHost, { cluster, localAPIEndpoint }: InitConfiguration): string[] {
  const { certificatesDir: pki, networking, apiServer } = cluster;
  const usual = {
    'advertise-address': localAPIEndpoint.advertiseAddress!,
    'insecure-port': '0',
    'enable-admission-plugins': 'NodeRestriction',
    'service-cluster-ip-range': networking.serviceSubnet!,
    'service-account-key-file': `${pki}/sa.pub`,
    'service-account-signing-key-file': `${pki}/sa.key`,
    'service-account-issuer': `https://kubernetes.default.svc.${networking.dnsDomain}`,
    'client-ca-file': `${pki}/ca.crt`,
    'tls-cert-file': `${pki}/apiserver.crt`,
    'tls-private-key-file': `${pki}/apiserver.key`,
    'kubelet-client-certificate': `${pki}/apiserver-kubelet-client.crt`,
    'kubelet-client-key': `${pki}/apiserver-kubelet-client.key`,
    'enable-bootstrap-token-auth': 'true',
    'secure-port': String(localAPIEndpoint.bindPort),
    'allow-privileged': 'true',
    'kubelet-preferred-address-types': 'InternalIP,ExternalIP,Hostname',
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'requestheader-client-ca-file': `${pki}/front-proxy-ca.crt`,
    'requestheader-allowed-names': 'front-proxy-client',
    'proxy-client-cert-file': `${pki}/front-proxy-client.crt`,
    'proxy-client-key-file': `${pki}/front-proxy-client.key`,
    ...etcdArguments(cluster, localAPIEndpoint),
    ...gates(cluster),
  };
  // From here on it is part of the configuration, which is uploaded later.
  apiServer.extraArgs = { ...apiServer.extraArgs, 'authorization-mode': authorizationMode(host, apiServer.extraArgs?.['authorization-mode']) };
  return argumentList(usual, apiServer.extraArgs);
}

function controllerManagerArguments({ cluster }: InitConfiguration): string[] {
  const { certificatesDir: pki, networking, controllerManager, clusterName } = cluster;
  const kubeconfig = `${paths.kubernetes}/controller-manager.conf`;
  const { podSubnet, serviceSubnet } = networking;
  const usual = {
    port: '0',
    'bind-address': '127.0.0.1',
    'leader-elect': 'true',
    kubeconfig,
    'authentication-kubeconfig': kubeconfig,
    'authorization-kubeconfig': kubeconfig,
    'client-ca-file': `${pki}/ca.crt`,
    'requestheader-client-ca-file': `${pki}/front-proxy-ca.crt`,
    'root-ca-file': `${pki}/ca.crt`,
    'service-account-private-key-file': `${pki}/sa.key`,
    'cluster-signing-cert-file': `${pki}/ca.crt`,
    'cluster-signing-key-file': `${pki}/ca.key`,
    'use-service-account-credentials': 'true',
    controllers: '*,bootstrapsigner,tokencleaner',
    ...(podSubnet && { 'allocate-node-cidrs': 'true', 'cluster-cidr': podSubnet, ...(serviceSubnet && { 'service-cluster-ip-range': serviceSubnet }) }),
    ...(clusterName && { 'cluster-name': clusterName }),
    ...gates(cluster),
  };
  return argumentList(usual, controllerManager.extraArgs);
}

function schedulerArguments({ cluster }: InitConfiguration): string[] {
  const kubeconfig = `${paths.kubernetes}/scheduler.conf`;
  return argumentList({ port: '0', 'bind-address': '127.0.0.1', 'leader-elect': 'true', kubeconfig, 'authentication-kubeconfig': kubeconfig, 'authorization-kubeconfig': kubeconfig, ...gates(cluster) }, cluster.scheduler.extraArgs);
}

/** Variables of the environment that name proxies are handed on. */
const proxies = ({ env }: KubeadmHost) => [...env].filter(([name, value]) => name.toLowerCase().endsWith('_proxy') && value).map(([name, value]) => ({ name, value }));

export function componentManifest(host: KubeadmHost, init: InitConfiguration, component: ControlPlaneName): string {
  const { cluster, localAPIEndpoint } = init;
  const { apiServer, controllerManager, scheduler } = cluster;
  const part = { 'kube-apiserver': apiServer, 'kube-controller-manager': controllerManager, 'kube-scheduler': scheduler }[component];
  const common = { name: component, image: kubernetesImage(component, cluster), volumes: volumesOf(host, cluster, { component, extra: part.extraVolumes }), env: proxies(host) };
  const timeout = apiServer.timeoutForControlPlane;
  if (component === 'kube-apiserver') {
    const { advertiseAddress, bindPort = ports.apiserver } = localAPIEndpoint;
    const at = (path: string) => ({ host: probeAddress(advertiseAddress), path, port: bindPort, scheme: 'HTTPS' as const });
    const annotations = { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': hostPort(advertiseAddress!, bindPort) };
    return podManifest({ ...common, annotations, command: [component, ...apiserverArguments(host, init)], requests: { cpu: '250m' }, probes: { livenessProbe: livenessProbe(at('/livez')), readinessProbe: readinessProbe(at('/readyz')), startupProbe: startupProbe(at('/livez'), timeout) } });
  }
  const isScheduler = component === 'kube-scheduler';
  const target = { host: probeAddress(part.extraArgs?.['bind-address']), path: '/healthz', port: isScheduler ? ports.scheduler : ports.controllerManager, scheme: 'HTTPS' as const };
  const command = [component, ...(isScheduler ? schedulerArguments : controllerManagerArguments)(init)];
  return podManifest({ ...common, command, requests: { cpu: isScheduler ? '100m' : '200m' }, probes: { livenessProbe: livenessProbe(target), startupProbe: startupProbe(target, timeout) } });
}
