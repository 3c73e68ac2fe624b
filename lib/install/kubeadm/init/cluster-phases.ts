// The phases of `kubeadm init` that need an API server (cmd/kubeadm/app/cmd/phases/init).
import { installCoreDns, installKubeProxy } from '../api/addons.ts';
import { setUpTokens } from '../api/bootstrap.ts';
import { type ApiClient, connect } from '../api/connection.ts';
import { dryRunClient, indented } from '../api/dry-run.ts';
import { patchNode, uploadCertificates, uploadConfiguration, uploadKubeletConfiguration } from '../api/upload.ts';
import { createVersion, type Taint } from '../../../api/index.ts';
import { newCertificateKey } from '../configuration/dynamic-defaults.ts';
import { macroDescription, type Steps } from '../frame/command.ts';
import { componentNames } from '../control-plane/components.ts';
import { paths } from '../release.ts';
import { type InitData, manifestFolder } from './data.ts';
import { finalizeKubelet } from './kubelet-finalize.ts';
import { waitForControlPlane } from './wait-control-plane.ts';
import type { InitPhase } from './machine-phases.ts';

/** With a client of the cluster that admin.conf names. */
const withCluster = (run: (client: ApiClient, data: InitData) => Steps | void) =>
  function* (data: InitData): Steps {
    const { host, init, dryRun, kubeconfigPath } = data;
    yield* run(dryRun ? dryRunClient(host, { version: createVersion('v1.20'), nodeName: init.nodeRegistration.name! }) : yield* connect(host, kubeconfigPath), data) ?? [];
  };

/** What lies in the folder of a dry run, as if it lay where it belongs. */
function showFiles({ host, dryRunFolder }: InitData): void {
  const { out, files } = host;
  const folder = JSON.stringify(dryRunFolder);
  out(`[dryrun] Wrote certificates, kubeconfig files and control plane manifests to the ${folder} directory\n[dryrun] The certificates or kubeconfig files would not be printed due to their sensitive nature\n[dryrun] Please examine the ${folder} directory for details about what would be written\n`);
  const written = [...componentNames.map((name) => [`${name}.yaml`, paths.manifests]), ...['config.yaml', 'kubeadm-flags.env'].map((name) => [name, paths.kubelet])];
  for (const [name, place] of written) out(`[dryrun] Would write file ${JSON.stringify(`${place}/${name}`)} with content:\n${indented(files.read(`${dryRunFolder}/${name}`) ?? '')}`);
}

export const waitControlPlane: InitPhase = {
  name: 'wait-control-plane',
  short: '',
  hidden: true,
  *run(data) {
    if (data.dryRun) showFiles(data);
    data.host.out(`[wait-control-plane] Waiting for the kubelet to boot up the control plane as static Pods from directory ${JSON.stringify(manifestFolder(data))}. This can take up to ${data.init.cluster.apiServer.timeoutForControlPlane}\n`);
    if (!data.dryRun) yield* waitForControlPlane(data);
  },
};

export const uploadConfig: InitPhase = {
  name: 'upload-config',
  aliases: ['uploadconfig'],
  short: 'Upload the kubeadm and kubelet configuration to a ConfigMap',
  long: macroDescription,
  phases: [
    { name: 'all', short: 'Upload all configuration to a config map', all: true, inherits: ['config', 'kubeconfig'] },
    {
      name: 'kubeadm',
      short: 'Upload the kubeadm ClusterConfiguration to a ConfigMap',
      long: 'Upload the kubeadm ClusterConfiguration to a ConfigMap called kubeadm-config in the kube-system namespace. This enables correct configuration of system components and a seamless user experience when upgrading.\n\nAlternatively, you can use kubeadm config.',
      example: '  # upload the configuration of your cluster\n  kubeadm init phase upload-config --config=myConfig.yaml',
      inherits: ['config', 'kubeconfig'],
      run: withCluster((client, { host, init }) => uploadConfiguration(client, host, init)),
    },
    {
      name: 'kubelet',
      short: 'Upload the kubelet component config to a ConfigMap',
      long: 'Upload kubelet configuration extracted from the kubeadm InitConfiguration object to a ConfigMap of the form kubelet-config-1.X in the cluster, where X is the minor version of the current (API Server) Kubernetes version.',
      example: '  # Upload the kubelet configuration from the kubeadm Config file to a ConfigMap in the cluster.\n  kubeadm init phase upload-config kubelet --config kubeadm.yaml',
      inherits: ['config', 'kubeconfig'],
      run: withCluster((client, { host, init }) => uploadKubeletConfiguration(client, host, init)),
    },
  ],
};

export const uploadCerts: InitPhase = {
  name: 'upload-certs',
  short: 'Upload certificates to kubeadm-certs',
  long: macroDescription,
  inherits: ['config', 'kubeconfig', 'upload-certs', 'certificate-key', 'skip-certificate-key-print'],
  *run(data) {
    const { host, init, uploadCerts, skipCertificateKeyPrint } = data;
    if (!uploadCerts) return host.out('[upload-certs] Skipping phase. Please see --upload-certs\n');
    init.certificateKey ||= newCertificateKey(host);
    const key = init.certificateKey;
    yield* withCluster((client) => uploadCertificates(client, host, { init, key }))(data);
    if (!skipCertificateKeyPrint) host.out(`[upload-certs] Using certificate key:\n${key}\n`);
  },
};

const roles = { master: 'node-role.kubernetes.io/master', controlPlane: 'node-role.kubernetes.io/control-plane' };

/** Its labels, and taints that keep others away; taints that it has stay. */
function mark(client: ApiClient, { host, init: { nodeRegistration } }: InitData): Steps {
  const name = nodeRegistration.name!;
  const wanted = nodeRegistration.taints ?? [];
  const marking = `[mark-control-plane] Marking the node ${name} as control-plane by adding the`;
  host.out(`${marking} labels "${roles.master}=''" and "${roles.controlPlane}='' (deprecated)"\n`);
  if (wanted.length > 0) host.out(`${marking} taints [${wanted.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`).join(' ')}]\n`);
  return patchNode(client, name, ({ spec }) => {
    const others = (spec?.taints ?? []).filter((one) => !wanted.some(({ key, value = '', effect }) => key === one.key && effect === one.effect && value === (one.value ?? '')));
    return { metadata: { labels: { [roles.master]: '', [roles.controlPlane]: '' } }, spec: { taints: [...(wanted as Taint[]), ...others] } };
  });
}

export const markControlPlane: InitPhase = {
  name: 'mark-control-plane',
  short: 'Mark a node as a control-plane',
  example: '  # Applies control-plane label and taint to the current node, functionally equivalent to what executed by kubeadm init.\n  kubeadm init phase mark-control-plane --config config.yml\n  \n  # Applies control-plane label and taint to a specific node\n  kubeadm init phase mark-control-plane --node-name myNode',
  inherits: ['node-name', 'config'],
  run: withCluster(mark),
};

export const bootstrapToken: InitPhase = {
  name: 'bootstrap-token',
  aliases: ['bootstraptoken'],
  short: 'Generates bootstrap tokens used to join a node to a cluster',
  long: 'Bootstrap tokens are used for establishing bidirectional trust between a node joining the cluster and a control-plane node.\n\nThis command makes all the configurations required to make bootstrap tokens works and then creates an initial token.',
  example: '  # Make all the bootstrap token configurations and create an initial token, functionally\n  # equivalent to what generated by kubeadm init.\n  kubeadm init phase bootstrap-token',
  inherits: ['config', 'kubeconfig', 'skip-token-print'],
  run: withCluster((client, { host, init, kubeconfigPath, skipTokenPrint }) => setUpTokens(client, host, { init, kubeconfig: kubeconfigPath, quiet: skipTokenPrint })),
};

const finalizeExample = '  # Updates settings relevant to the kubelet after TLS bootstrap"\n  kubeadm init phase kubelet-finalize all --config';

export const kubeletFinalize: InitPhase = {
  name: 'kubelet-finalize',
  short: 'Updates settings relevant to the kubelet after TLS bootstrap',
  example: finalizeExample,
  phases: [
    { name: 'all', short: 'Run all kubelet-finalize phases', all: true, example: finalizeExample, inherits: ['config', 'cert-dir'] },
    { name: 'experimental-cert-rotation', short: 'Enable kubelet client certificate rotation', inherits: ['config', 'cert-dir'], run: finalizeKubelet },
  ],
};

const addonFlags = ['config', 'kubeconfig', 'kubernetes-version', 'image-repository'];
const proxyFlags = ['apiserver-advertise-address', 'control-plane-endpoint', 'apiserver-bind-port', 'pod-network-cidr'];
const dnsFlags = ['feature-gates', 'service-dns-domain', 'service-cidr'];

export const addon: InitPhase = {
  name: 'addon',
  short: 'Install required addons for passing Conformance tests',
  long: macroDescription,
  phases: [
    { name: 'all', short: 'Install all the addons', all: true, inherits: [...addonFlags, ...proxyFlags, ...dnsFlags] },
    {
      name: 'coredns',
      short: 'Install the CoreDNS addon to a Kubernetes cluster',
      long: 'Install the CoreDNS addon components via the API server. Please note that although the DNS server is deployed, it will not be scheduled until CNI is installed.',
      inherits: [...addonFlags, ...dnsFlags],
      run: withCluster((client, { host, init }) => installCoreDns(client, host, init)),
    },
    { name: 'kube-proxy', short: 'Install the kube-proxy addon to a Kubernetes cluster', long: 'Install the kube-proxy addon components via the API server.', inherits: [...addonFlags, ...proxyFlags], run: withCluster((client, { host, init }) => installKubeProxy(client, host, init)) },
  ],
};
