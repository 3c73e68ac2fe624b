// The phases of `kubeadm init` that work on its machine alone (cmd/kubeadm/app/cmd/phases/init).
import { makeCertificate, makeServiceAccountKey } from '../certificates/create.ts';
import { certificates } from '../certificates/list.ts';
import { componentManifest } from '../control-plane/components.ts';
import { etcdManifest } from '../control-plane/etcd.ts';
import { writeManifest } from '../control-plane/static-pod.ts';
import type { ControlPlaneName } from '../control-plane/volumes.ts';
import { type KubeconfigName, makeKubeconfig } from '../kubeconfig/create.ts';
import { startKubelet, stopKubelet, writeKubeletConfiguration, writeKubeletFlags } from '../kubelet/files.ts';
import { macroDescription } from '../frame/command.ts';
import type { KubeadmFlag } from '../frame/flags.ts';
import type { Phase } from '../frame/phases.ts';
import { initChecks, pullImages } from '../preflight/lists.ts';
import * as shared from '../commands/shared-flags.ts';
import { certificateFolders, type InitData, kubeletFolder, manifestFolder } from './data.ts';

export type InitPhase = Phase<InitData>;

const alpha = 'Alpha Disclaimer: this command is currently alpha.';

export const preflight: InitPhase = {
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

export const certs: InitPhase = {
  name: 'certs',
  short: 'Certificate generation',
  long: macroDescription,
  run: (data) => data.host.out(`[certs] Using certificateDir folder ${JSON.stringify(certificateFolders(data).to)}\n`),
  phases: [
    { name: 'all', short: 'Generate all certificates', all: true, inherits: [...certificateFlags, ...apiserverFlags] },
    ...certificates.map((spec): InitPhase => {
      const { name, longName, file, ca, names = '' } = spec;
      return {
        name,
        short: `Generate the ${longName}`,
        long: `Generate the ${longName}, and save them into ${file}.cert and ${file}.key files.${defaultNames[names] ?? ''}\n\nIf both files already exist, kubeadm skips the generation step and existing files will be used.\n\n${alpha}`,
        inherits: name === 'apiserver' ? [...certificateFlags, ...apiserverFlags] : certificateFlags,
        ...(ca && { flags: csrFlags }),
        run: (data) => makeCertificate(data.host, data.init, { spec, folders: certificateFolders(data) }),
      };
    }),
    {
      name: 'sa',
      short: 'Generate a private key for signing service account tokens along with its public key',
      long: `Generate the private key for signing service account tokens along with its public key, and save them into sa.key and sa.pub files. If both files already exist, kubeadm skips the generation step and existing files will be used.\n\n${alpha}`,
      inherits: ['cert-dir'],
      run: (data) => makeServiceAccountKey(data.host, certificateFolders(data).to),
    },
  ],
};

const kubeconfigFlags = ['apiserver-advertise-address', 'control-plane-endpoint', 'apiserver-bind-port', 'cert-dir', 'config', 'kubeconfig-dir', 'kubernetes-version'];

const kubeconfigFile = (name: KubeconfigName, user: string, { short = `Generate a kubeconfig file for the ${user} to use`, long = `Generate the kubeconfig file for the ${user} to use and save it to ${name}.conf file`, flags = kubeconfigFlags } = {}): InitPhase => ({
  name,
  short,
  long,
  inherits: flags,
  run: (data) => makeKubeconfig(data.host, data.init, { name, certificates: certificateFolders(data).to, folder: data.kubeconfigFolder }),
});

const bootstrapOnly = 'to use *only* for cluster bootstrapping purposes';

export const kubeconfig: InitPhase = {
  name: 'kubeconfig',
  short: 'Generate all kubeconfig files necessary to establish the control plane and the admin kubeconfig file',
  long: macroDescription,
  run: ({ host, kubeconfigFolder }) => host.out(`[kubeconfig] Using kubeconfig folder ${JSON.stringify(kubeconfigFolder)}\n`),
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

export const kubeletStart: InitPhase = {
  name: 'kubelet-start',
  short: 'Write kubelet settings and (re)start the kubelet',
  long: 'Write a file with KubeletConfiguration and an environment file with node specific kubelet settings, and then (re)start kubelet.',
  example: '  # Writes a dynamic environment file with kubelet flags from a InitConfiguration file.\n  kubeadm init phase kubelet-start --config config.yaml',
  inherits: ['config', 'cri-socket', 'node-name'],
  *run(data) {
    const { host, init, dryRun } = data;
    if (!dryRun) yield* stopKubelet(host);
    writeKubeletFlags(host, init, { folder: kubeletFolder(data), registerTaints: false });
    writeKubeletConfiguration(host, init, kubeletFolder(data));
    if (!dryRun) yield* startKubelet(host);
  },
};

const componentFlags = ['config', 'cert-dir', 'kubernetes-version', 'image-repository', 'experimental-patches'];
const flagsOfComponent = {
  apiserver: ['apiserver-advertise-address', 'control-plane-endpoint', 'apiserver-bind-port', 'apiserver-extra-args', 'feature-gates', 'service-cidr'],
  'controller-manager': ['controller-manager-extra-args', 'pod-network-cidr'],
  scheduler: ['scheduler-extra-args'],
} as const;

export const controlPlane: InitPhase = {
  name: 'control-plane',
  short: 'Generate all static Pod manifest files necessary to establish the control plane',
  long: macroDescription,
  run: (data) => data.host.out(`[control-plane] Using manifest folder ${JSON.stringify(manifestFolder(data))}\n`),
  phases: [
    {
      name: 'all',
      short: 'Generate all static Pod manifest files',
      all: true,
      example: '  # Generates all static Pod manifest files for control plane components,\n  # functionally equivalent to what is generated by kubeadm init.\n  kubeadm init phase control-plane all\n  \n  # Generates all static Pod manifest files using options read from a configuration file.\n  kubeadm init phase control-plane all --config config.yaml',
      inherits: [...componentFlags, ...Object.values(flagsOfComponent).flat()],
    },
    ...Object.entries(flagsOfComponent).map(
      ([name, flags]): InitPhase => ({
        name,
        short: `Generates the kube-${name} static Pod manifest`,
        inherits: [...componentFlags, ...flags],
        run(data) {
          const { host, init } = data;
          const component = `kube-${name}` as ControlPlaneName;
          host.out(`[control-plane] Creating static Pod manifest for ${JSON.stringify(component)}\n`);
          writeManifest(host, manifestFolder(data), component, componentManifest(host, init, component));
        },
      }),
    ),
  ],
};

export const etcd: InitPhase = {
  name: 'etcd',
  short: 'Generate static Pod manifest file for local etcd',
  long: macroDescription,
  phases: [
    {
      name: 'local',
      short: 'Generate the static Pod manifest file for a local, single-node local etcd instance',
      example: '  # Generates the static Pod manifest file for etcd, functionally\n  # equivalent to what is generated by kubeadm init.\n  kubeadm init phase etcd local\n  \n  # Generates the static Pod manifest file for etcd using options\n  # read from a configuration file.\n  kubeadm init phase etcd local --config config.yaml',
      inherits: ['cert-dir', 'config', 'image-repository', 'experimental-patches'],
      run(data) {
        const { host, init, dryRun } = data;
        const { local } = init.cluster.etcd;
        if (!local) return;
        if (dryRun) host.out(`[dryrun] Would ensure that ${JSON.stringify(local.dataDir)} directory is present\n`);
        else host.files.makeDirectories(local.dataDir, 0o700);
        host.out(`[etcd] Creating static Pod manifest for local etcd in ${JSON.stringify(manifestFolder(data))}\n`);
        writeManifest(host, manifestFolder(data), 'etcd', etcdManifest(host, init));
      },
    },
  ],
};
