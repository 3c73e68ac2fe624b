// Configuration of the kubelet and of kube-proxy as YAML: fields that Go writes although nobody set them are there too.
import { printYaml } from '../../../kubectl/index.ts';
import type { ComponentConfig } from './types.ts';

const times = (...names: string[]) => Object.fromEntries(names.map((name) => [name, '0s']));

const kubeletZero: ComponentConfig = {
  authentication: { anonymous: {}, webhook: times('cacheTTL'), x509: {} },
  authorization: { webhook: times('cacheAuthorizedTTL', 'cacheUnauthorizedTTL') },
  logging: {},
  ...times('cpuManagerReconcilePeriod', 'evictionPressureTransitionPeriod', 'fileCheckFrequency', 'httpCheckFrequency', 'imageMinimumGCAge', 'nodeStatusReportFrequency', 'nodeStatusUpdateFrequency'),
  ...times('runtimeRequestTimeout', 'shutdownGracePeriod', 'shutdownGracePeriodCriticalPods', 'streamingConnectionIdleTimeout', 'syncFrequency', 'volumeStatsAggPeriod'),
};

const kubeProxyZero: ComponentConfig = {
  bindAddress: '',
  bindAddressHardFail: false,
  clientConnection: { acceptContentTypes: '', burst: 0, contentType: '', kubeconfig: '', qps: 0 },
  clusterCIDR: '',
  configSyncPeriod: '0s',
  conntrack: { maxPerCore: null, min: null, tcpCloseWaitTimeout: null, tcpEstablishedTimeout: null },
  detectLocalMode: '',
  enableProfiling: false,
  healthzBindAddress: '',
  hostnameOverride: '',
  iptables: { masqueradeAll: false, masqueradeBit: null, ...times('minSyncPeriod', 'syncPeriod') },
  ipvs: { excludeCIDRs: null, scheduler: '', strictARP: false, ...times('minSyncPeriod', 'syncPeriod', 'tcpFinTimeout', 'tcpTimeout', 'udpTimeout') },
  metricsBindAddress: '',
  mode: '',
  nodePortAddresses: null,
  oomScoreAdj: null,
  portRange: '',
  showHiddenMetricsForVersion: '',
  udpIdleTimeout: '0s',
  winkernel: { enableDSR: false, networkName: '', sourceVip: '' },
};

const isMap = (value: unknown): value is ComponentConfig => typeof value === 'object' && value !== null && !Array.isArray(value);

function over(zero: ComponentConfig, given: ComponentConfig): ComponentConfig {
  const out = { ...zero };
  for (const [name, value] of Object.entries(given)) out[name] = isMap(value) && isMap(zero[name]) ? over(zero[name] as ComponentConfig, value) : value;
  return out;
}

export const kubeletDocument = (config: ComponentConfig): string => printYaml({ ...over(kubeletZero, config), apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' });
export const kubeProxyDocument = (config: ComponentConfig): string => printYaml({ ...over(kubeProxyZero, config), apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration' });
