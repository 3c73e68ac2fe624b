// kubeadm upgrade (cmd/kubeadm/app/cmd/upgrade).
import { type KubeadmCall, type KubeadmCommand, needsSubcommand, noArgs, type Steps } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import { text, toggle, whole } from '../frame/flags.ts';
import { notBuilt } from '../frame/not-built.ts';
import { type Phase, workflow } from '../frame/phases.ts';
import { paths } from '../release.ts';
import * as shared from './shared-flags.ts';

/** Nothing can be upgraded without a cluster that is asked. */
function* later({ host, flags }: KubeadmCall): Steps {
  const path = flags.string('kubeconfig') || paths.admin;
  if (!host.files.find(path)) fail(`couldn't create a Kubernetes client from file ${JSON.stringify(path)}: failed to load admin kubeconfig: open ${path}: no such file or directory`);
  notBuilt('upgrade');
}

const planFlags = [
  shared.kubeconfig,
  shared.config,
  toggle('allow-experimental-upgrades', 'Show unstable versions of Kubernetes as an upgrade alternative and allow upgrading to an alpha/beta/release candidate versions of Kubernetes.'),
  toggle('allow-release-candidate-upgrades', 'Show release candidate versions of Kubernetes as an upgrade alternative and allow upgrading to a release candidate versions of Kubernetes.'),
  toggle('print-config', 'Specifies whether the configuration file that will be used in the upgrade should be printed or not.'),
  shared.featureGates,
  shared.ignorePreflightErrors,
];
const renewal = toggle('certificate-renewal', 'Perform the renewal of certificates used by component changed during upgrades.', { value: 'true' });
const etcd = toggle('etcd-upgrade', 'Perform the upgrade of etcd.', { value: 'true' });

const apply: KubeadmCommand = {
  name: 'apply',
  words: '[version]',
  bareUsage: true,
  short: 'Upgrade your Kubernetes cluster to the specified version',
  flags: [
    ...planFlags,
    toggle('yes', 'Perform the upgrade and do not prompt for confirmation (non-interactive mode).', { short: 'y' }),
    toggle('force', 'Force upgrading although some requirements might not be met. This also implies non-interactive mode.', { short: 'f' }),
    toggle('dry-run', 'Do not change any state, just output what actions would be performed.'),
    etcd,
    renewal,
    { ...text('image-pull-timeout', 'The maximum amount of time to wait for the control plane pods to be downloaded.'), type: 'duration', word: 'duration', value: '15m0s', deprecated: 'This flag is deprecated and will be removed in a future version.' },
    shared.patches,
  ],
  run: later,
};

const plan: KubeadmCommand = {
  name: 'plan',
  words: '[version] [flags]',
  short: 'Check which versions are available to upgrade to and validate whether your current cluster is upgradeable. To skip the internet check, pass in the optional [version] parameter',
  flags: planFlags,
  run: later,
};

const manifest = (name: string, what: string, file: string) => text(`${name}-manifest`, `path to ${what} manifest`, { value: `${paths.manifests}/${file}.yaml` });

const diff: KubeadmCommand = {
  name: 'diff',
  words: '[version]',
  short: 'Show what differences would be applied to existing static pod manifests. See also: kubeadm upgrade apply --dry-run',
  flags: [
    shared.kubeconfig,
    shared.config,
    manifest('api-server', 'API server', 'kube-apiserver'),
    manifest('controller-manager', 'controller', 'kube-controller-manager'),
    manifest('scheduler', 'scheduler', 'kube-scheduler'),
    { ...whole('context-lines', 'How many lines of context in the diff', '3', 'int'), short: 'c' },
  ],
  run: later,
};

const phases: readonly Phase<undefined>[] = [
  { name: 'preflight', short: 'Run upgrade node pre-flight checks', long: 'Run pre-flight checks for kubeadm upgrade node.', inherits: ['ignore-preflight-errors'] },
  { name: 'control-plane', short: 'Upgrade the control plane instance deployed on this node, if any', inherits: ['dry-run', 'kubeconfig', 'certificate-renewal', 'etcd-upgrade', 'experimental-patches'] },
  {
    name: 'kubelet-config',
    short: 'Upgrade the kubelet configuration for this node',
    long: 'Download the kubelet configuration from a ConfigMap of the form "kubelet-config-1.X" in the cluster, where X is the minor version of the kubelet. kubeadm uses the KuberneteVersion field in the kubeadm-config ConfigMap to determine what the _desired_ kubelet version is.',
    inherits: ['dry-run', 'kubeconfig'],
  },
];

const node = workflow<undefined>(
  {
    name: 'node',
    short: 'Upgrade commands for a node in the cluster',
    flags: [shared.kubeconfig, toggle('dry-run', 'Do not change any state, just output the actions that would be performed.'), renewal, etcd, shared.ignorePreflightErrors, shared.patches],
    args: noArgs,
  },
  { phases, data: () => notBuilt('upgrade node') },
);

export const upgrade: KubeadmCommand = { name: 'upgrade', short: 'Upgrade your cluster smoothly to a newer version with this command', commands: [apply, plan, diff, node], run: needsSubcommand('upgrade') };
