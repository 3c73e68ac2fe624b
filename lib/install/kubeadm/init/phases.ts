// The phases of `kubeadm init`, in their order (cmd/kubeadm/app/cmd/phases/init).
import { certificates } from '../certificates/list.ts';
import { macroDescription } from '../frame/command.ts';
import type { KubeadmFlag } from '../frame/flags.ts';
import { notBuilt } from '../frame/not-built.ts';
import type { Phase } from '../frame/phases.ts';
import { initChecks, pullImages } from '../preflight/lists.ts';
import * as shared from '../commands/shared-flags.ts';
import type { InitData } from './data.ts';

type InitPhase = Phase<InitData>;

const later = (what: string) => () => notBuilt(what);
const alpha = 'Alpha Disclaimer: this command is currently alpha.';

const preflight: InitPhase = {
  name: 'preflight',
  short: 'Run pre-flight checks',
  long: 'Run pre-flight checks for kubeadm init.',
  example: '  # Run pre-flight checks for kubeadm init using a config file.\n  kubeadm init phase preflight --config kubeadm-config.yml',
  inherits: ['config', 'ignore-preflight-errors'],
  *run({ host, init, ignored, dryRun }) {
    host.out('[preflight] Running pre-flight checks\n');
    yield* initChecks(host, init, { ignored });
    if (dryRun) host.out("[preflight] Would pull the required images (like 'kubeadm config images pull')\n");
    else yield* pullImages(host, init, ignored);
  },
};

const certificateFlags = ['cert-dir', 'config', 'kubernetes-version'];
const apiserverFlags = ['apiserver-advertise-address', 'control-plane-endpoint', 'apiserver-cert-extra-sans', 'service-dns-domain', 'service-cidr'];
const csrNote = 'This flag will be removed in a future version. Please use kubeadm alpha certs generate-csr instead.';
const csrFlags: KubeadmFlag[] = [{ ...shared.csrOnly, deprecated: csrNote }, { ...shared.csrDir, deprecated: csrNote }];
const defaultNames: Readonly<Record<string, string>> = {
  apiserver: '\n\nDefault SANs are kubernetes, kubernetes.default, kubernetes.default.svc, kubernetes.default.svc.cluster.local, 10.96.0.1, 127.0.0.1',
  etcd: '\n\nDefault SANs are localhost, 127.0.0.1, 127.0.0.1, ::1',
};

const certs: InitPhase = {
  name: 'certs',
  short: 'Certificate generation',
  long: macroDescription,
  run: later('phase certs'),
  phases: [
    { name: 'all', short: 'Generate all certificates', all: true, inherits: [...certificateFlags, ...apiserverFlags] },
    ...certificates.map(
      ({ name, longName, file, ca, names = '' }): InitPhase => ({
        name,
        short: `Generate the ${longName}`,
        long: `Generate the ${longName}, and save them into ${file}.cert and ${file}.key files.${defaultNames[names] ?? ''}\n\nIf both files already exist, kubeadm skips the generation step and existing files will be used.\n\n${alpha}`,
        inherits: name === 'apiserver' ? [...certificateFlags, ...apiserverFlags] : certificateFlags,
        ...(ca && { flags: csrFlags }),
        run: later('phase certs'),
      }),
    ),
    {
      name: 'sa',
      short: 'Generate a private key for signing service account tokens along with its public key',
      long: `Generate the private key for signing service account tokens along with its public key, and save them into sa.key and sa.pub files. If both files already exist, kubeadm skips the generation step and existing files will be used.\n\n${alpha}`,
      inherits: ['cert-dir'],
      run: later('phase certs'),
    },
  ],
};

const kubeconfigFlags = ['apiserver-advertise-address', 'control-plane-endpoint', 'apiserver-bind-port', 'cert-dir', 'config', 'kubeconfig-dir', 'kubernetes-version'];

const kubeconfigFile = (name: string, user: string, { short = `Generate a kubeconfig file for the ${user} to use`, long = `Generate the kubeconfig file for the ${user} to use and save it to ${name}.conf file`, flags = kubeconfigFlags } = {}): InitPhase => ({
  name,
  short,
  long,
  inherits: flags,
  run: later('phase kubeconfig'),
});

const bootstrapOnly = 'to use *only* for cluster bootstrapping purposes';

const kubeconfig: InitPhase = {
  name: 'kubeconfig',
  short: 'Generate all kubeconfig files necessary to establish the control plane and the admin kubeconfig file',
  long: macroDescription,
  run: later('phase kubeconfig'),
  phases: [
    { name: 'all', short: 'Generate all kubeconfig files', all: true, inherits: [...kubeconfigFlags, 'node-name'] },
    kubeconfigFile('admin', 'admin', { short: 'Generate a kubeconfig file for the admin to use and for kubeadm itself', long: 'Generate the kubeconfig file for the admin and for kubeadm itself, and save it to admin.conf file.' }),
    kubeconfigFile('kubelet', 'kubelet', {
      short: `Generate a kubeconfig file for the kubelet ${bootstrapOnly}`,
      long: 'Generate the kubeconfig file for the kubelet to use and save it to kubelet.conf file.\n\nPlease note that this should *only* be used for cluster bootstrapping purposes. After your control plane is up, you should request all kubelet credentials from the CSR API.',
      flags: [...kubeconfigFlags, 'node-name'],
    }),
    kubeconfigFile('controller-manager', 'controller manager'),
    kubeconfigFile('scheduler', 'scheduler', { long: 'Generate the kubeconfig file for the scheduler to use and save it to scheduler.conf file.' }),
  ],
};

const kubeletStart: InitPhase = {
  name: 'kubelet-start',
  short: 'Write kubelet settings and (re)start the kubelet',
  long: 'Write a file with KubeletConfiguration and an environment file with node specific kubelet settings, and then (re)start kubelet.',
  example: '  # Writes a dynamic environment file with kubelet flags from a InitConfiguration file.\n  kubeadm init phase kubelet-start --config config.yaml',
  inherits: ['config', 'cri-socket', 'node-name'],
  run: later('phase kubelet-start'),
};

const componentFlags = ['config', 'cert-dir', 'kubernetes-version', 'image-repository', 'experimental-patches'];
const flagsOfComponent = {
  apiserver: ['apiserver-advertise-address', 'control-plane-endpoint', 'apiserver-bind-port', 'apiserver-extra-args', 'feature-gates', 'service-cidr'],
  'controller-manager': ['controller-manager-extra-args', 'pod-network-cidr'],
  scheduler: ['scheduler-extra-args'],
} as const;

const controlPlane: InitPhase = {
  name: 'control-plane',
  short: 'Generate all static Pod manifest files necessary to establish the control plane',
  long: macroDescription,
  run: later('phase control-plane'),
  phases: [
    {
      name: 'all',
      short: 'Generate all static Pod manifest files',
      all: true,
      example: '  # Generates all static Pod manifest files for control plane components,\n  # functionally equivalent to what is generated by kubeadm init.\n  kubeadm init phase control-plane all\n  \n  # Generates all static Pod manifest files using options read from a configuration file.\n  kubeadm init phase control-plane all --config config.yaml',
      inherits: [...componentFlags, ...Object.values(flagsOfComponent).flat()],
    },
    ...Object.entries(flagsOfComponent).map(
      ([name, flags]): InitPhase => ({ name, short: `Generates the kube-${name} static Pod manifest`, inherits: [...componentFlags, ...flags], run: later('phase control-plane') }),
    ),
  ],
};

const etcd: InitPhase = {
  name: 'etcd',
  short: 'Generate static Pod manifest file for local etcd',
  long: macroDescription,
  phases: [
    {
      name: 'local',
      short: 'Generate the static Pod manifest file for a local, single-node local etcd instance',
      example: '  # Generates the static Pod manifest file for etcd, functionally\n  # equivalent to what is generated by kubeadm init.\n  kubeadm init phase etcd local\n  \n  # Generates the static Pod manifest file for etcd using options\n  # read from a configuration file.\n  kubeadm init phase etcd local --config config.yaml',
      inherits: ['cert-dir', 'config', 'image-repository', 'experimental-patches'],
      run: later('phase etcd'),
    },
  ],
};

const waitControlPlane: InitPhase = { name: 'wait-control-plane', short: '', hidden: true, run: later('phase wait-control-plane') };

const uploadConfig: InitPhase = {
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
      run: later('phase upload-config'),
    },
    {
      name: 'kubelet',
      short: 'Upload the kubelet component config to a ConfigMap',
      long: 'Upload kubelet configuration extracted from the kubeadm InitConfiguration object to a ConfigMap of the form kubelet-config-1.X in the cluster, where X is the minor version of the current (API Server) Kubernetes version.',
      example: '  # Upload the kubelet configuration from the kubeadm Config file to a ConfigMap in the cluster.\n  kubeadm init phase upload-config kubelet --config kubeadm.yaml',
      inherits: ['config', 'kubeconfig'],
      run: later('phase upload-config'),
    },
  ],
};

const uploadCerts: InitPhase = {
  name: 'upload-certs',
  short: 'Upload certificates to kubeadm-certs',
  long: macroDescription,
  inherits: ['config', 'kubeconfig', 'upload-certs', 'certificate-key', 'skip-certificate-key-print'],
  run: later('phase upload-certs'),
};

const markControlPlane: InitPhase = {
  name: 'mark-control-plane',
  short: 'Mark a node as a control-plane',
  example: '  # Applies control-plane label and taint to the current node, functionally equivalent to what executed by kubeadm init.\n  kubeadm init phase mark-control-plane --config config.yml\n  \n  # Applies control-plane label and taint to a specific node\n  kubeadm init phase mark-control-plane --node-name myNode',
  inherits: ['node-name', 'config'],
  run: later('phase mark-control-plane'),
};

const bootstrapToken: InitPhase = {
  name: 'bootstrap-token',
  aliases: ['bootstraptoken'],
  short: 'Generates bootstrap tokens used to join a node to a cluster',
  long: 'Bootstrap tokens are used for establishing bidirectional trust between a node joining the cluster and a control-plane node.\n\nThis command makes all the configurations required to make bootstrap tokens works and then creates an initial token.',
  example: '  # Make all the bootstrap token configurations and create an initial token, functionally\n  # equivalent to what generated by kubeadm init.\n  kubeadm init phase bootstrap-token',
  inherits: ['config', 'kubeconfig', 'skip-token-print'],
  run: later('phase bootstrap-token'),
};

const finalizeExample = '  # Updates settings relevant to the kubelet after TLS bootstrap"\n  kubeadm init phase kubelet-finalize all --config';

const kubeletFinalize: InitPhase = {
  name: 'kubelet-finalize',
  short: 'Updates settings relevant to the kubelet after TLS bootstrap',
  example: finalizeExample,
  phases: [
    { name: 'all', short: 'Run all kubelet-finalize phases', all: true, example: finalizeExample, inherits: ['config', 'cert-dir'] },
    { name: 'experimental-cert-rotation', short: 'Enable kubelet client certificate rotation', inherits: ['config', 'cert-dir'], run: later('phase kubelet-finalize') },
  ],
};

const addonFlags = ['config', 'kubeconfig', 'kubernetes-version', 'image-repository'];
const proxyFlags = ['apiserver-advertise-address', 'control-plane-endpoint', 'apiserver-bind-port', 'pod-network-cidr'];
const dnsFlags = ['feature-gates', 'service-dns-domain', 'service-cidr'];

const addon: InitPhase = {
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
      run: later('phase addon'),
    },
    { name: 'kube-proxy', short: 'Install the kube-proxy addon to a Kubernetes cluster', long: 'Install the kube-proxy addon components via the API server.', inherits: [...addonFlags, ...proxyFlags], run: later('phase addon') },
  ],
};

export const initPhases: readonly InitPhase[] = [preflight, certs, kubeconfig, kubeletStart, controlPlane, etcd, waitControlPlane, uploadConfig, uploadCerts, markControlPlane, bootstrapToken, kubeletFinalize, addon];
