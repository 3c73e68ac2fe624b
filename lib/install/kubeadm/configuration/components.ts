// Configuration of the kubelet and of kube-proxy: what kubeadm sets (cmd/kubeadm/app/componentconfigs).
import type { Steps } from '../frame/command.ts';
import { exitError, type KubeadmHost, log } from '../host.ts';
import { paths, ports } from '../release.ts';
import { serviceIP } from './subnets.ts';
import type { ComponentConfig, InitConfiguration } from './types.ts';

type Recommended = readonly [path: string, value: unknown];

/** Sets what was not given; where something else was given, it stays and a warning is written. */
function recommend(host: KubeadmHost, config: ComponentConfig, { kind, values }: { kind: string; values: readonly Recommended[] }): ComponentConfig {
  const out = structuredClone(config);
  for (const [path, value] of values) {
    const names = path.split('.');
    const last = names.pop()!;
    let at = out;
    for (const name of names) at = (at[name] ??= {}) as ComponentConfig;
    if (at[last] === undefined || at[last] === '') at[last] = value;
    else if (JSON.stringify(at[last]) !== JSON.stringify(value)) log(host, 'utils.go:69', `The recommended value for ${JSON.stringify(path)} in ${JSON.stringify(kind)} is: ${goValue(value)}; the provided value is: ${goValue(at[last])}`);
  }
  return out;
}

const goValue = (value: unknown): string => (Array.isArray(value) ? `[${value.join(' ')}]` : String(value));

/** What `docker info` says, or why it says nothing. */
export function* dockerCgroupDriver(host: KubeadmHost): Steps<{ driver: string } | { error: string }> {
  const finished = yield* host.run('docker', 'info', '-f', '{{.CgroupDriver}}');
  const failed = exitError(finished);
  if (failed) return { error: `cannot execute 'docker info -f {{.CgroupDriver}}': ${failed}` };
  return { driver: finished!.stdout.replace(/\n$/, '') };
}

export function* kubeletDefaults(host: KubeadmHost, init: InitConfiguration): Steps<ComponentConfig> {
  const { cluster, nodeRegistration } = init;
  const { serviceSubnet = '', dnsDomain = '' } = cluster.networking;
  const values: Recommended[] = [
    ['staticPodPath', paths.manifests],
    ['clusterDNS', [clusterDNS(serviceSubnet)]],
    ['clusterDomain', dnsDomain],
    ['authentication.x509.clientCAFile', `${cluster.certificatesDir}/ca.crt`],
    ['authentication.anonymous.enabled', false],
    ['authorization.mode', 'Webhook'],
    ['authentication.webhook.enabled', true],
    ['healthzBindAddress', '127.0.0.1'],
    ['healthzPort', ports.kubeletHealthz],
  ];
  const config = recommend(host, init.kubelet, { kind: 'KubeletConfiguration', values });
  config['rotateCertificates'] = true;
  if (nodeRegistration.criSocket === paths.dockershim) yield* takeCgroupDriver(host, config);
  const resolved = yield* host.run('systemctl', 'is-active', 'systemd-resolved');
  if (!resolved) log(host, 'kubelet.go:214', 'cannot determine if systemd-resolved is active: no supported init system detected, skipping checking for services');
  if (!/^(active|activating)$/.test(resolved?.stdout.trim() ?? '')) return config;
  return recommend(host, config, { kind: 'KubeletConfiguration', values: [['resolvConf', '/run/systemd/resolve/resolv.conf']] });
}

function* takeCgroupDriver(host: KubeadmHost, config: ComponentConfig): Steps {
  const answer = yield* dockerCgroupDriver(host);
  if ('error' in answer) return log(host, 'kubelet.go:200', `cannot automatically set CgroupDriver when starting the Kubelet: ${answer.error}`);
  const given = config['cgroupDriver'];
  if (given && given !== answer.driver) log(host, 'kubelet.go:205', `detected ${JSON.stringify(answer.driver)} as the Docker cgroup driver, the provided value ${JSON.stringify(given)} in "KubeletConfiguration" will be overrided`);
  config['cgroupDriver'] = answer.driver;
}

/** The tenth address of the Services; a range that is none is complained of later. */
function clusterDNS(serviceSubnet: string): string {
  try {
    return serviceIP(serviceSubnet, 10);
  } catch {
    return '10.96.0.10';
  }
}

export function kubeProxyDefaults(host: KubeadmHost, { kubeProxy, cluster, localAPIEndpoint }: InitConfiguration): ComponentConfig {
  const { podSubnet } = cluster.networking;
  const values: Recommended[] = [
    ['bindAddress', localAPIEndpoint.advertiseAddress?.includes(':') ? '::' : '0.0.0.0'],
    ...(podSubnet ? [['clusterCIDR', podSubnet] as const] : []),
    ['clientConnection.kubeconfig', '/var/lib/kube-proxy/kubeconfig.conf'],
  ];
  return recommend(host, kubeProxy, { kind: 'KubeProxyConfiguration', values });
}
