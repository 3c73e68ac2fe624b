// kubeadm config (cmd/kubeadm/app/cmd/config.go).
import { resolvePath } from '../../../machine/index.ts';
import { kubeletDocument, kubeProxyDocument } from '../configuration/component-documents.ts';
import { completeInit, completeJoin } from '../configuration/dynamic-defaults.ts';
import { initOf, joinOf, readText, splitDocuments } from '../configuration/read.ts';
import { initDefaults, joinDefaults } from '../configuration/static-defaults.ts';
import type { InitConfiguration } from '../configuration/types.ts';
import { initDocuments, joinDocument, separator } from '../configuration/write.ts';
import { type KubeadmCommand, needsSubcommand, noArgs, type Steps } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import { list, text } from '../frame/flags.ts';
import { notBuilt } from '../frame/not-built.ts';
import type { KubeadmHost } from '../host.ts';
import { paths, v1_20 } from '../release.ts';
import { images } from './images.ts';
import * as shared from './shared-flags.ts';

const placeholder = 'abcdef.0123456789abcdef';
const nodeRegistration = { criSocket: paths.dockershim };

const defaultInit = (host: KubeadmHost): Steps<InitConfiguration> =>
  completeInit(host, initDefaults({ localAPIEndpoint: { advertiseAddress: '1.2.3.4' }, bootstrapTokens: [{ token: placeholder }], nodeRegistration }, { kubernetesVersion: v1_20.kubernetes }));

function defaultJoin(host: KubeadmHost): string {
  const bootstrapToken = { token: placeholder, apiServerEndpoint: 'kube-apiserver:6443', unsafeSkipCAVerification: true };
  return joinDocument(completeJoin(host, joinDefaults({ discovery: { bootstrapToken }, nodeRegistration })));
}

/** Kind → its document. */
const components: Readonly<Record<string, (init: InitConfiguration) => string>> = {
  KubeProxyConfiguration: ({ kubeProxy }) => kubeProxyDocument(kubeProxy),
  KubeletConfiguration: ({ kubelet }) => kubeletDocument(kubelet),
};
const kinds = `[${Object.keys(components).join(' ')}]`;

const printed = (action: 'init' | 'join'): KubeadmCommand => ({
  name: `${action}-defaults`,
  short: `Print default ${action} configuration, that can be used for 'kubeadm ${action}'`,
  long: `
This command prints objects such as the default ${action} configuration that is used for 'kubeadm ${action}'.

Note that sensitive values like the Bootstrap Token fields are replaced with placeholder values like {"${placeholder}" "" "nil" <nil> [] []} in order to pass validation but
not perform the real computation for creating a token.
`,
  flags: [list('component-configs', `A comma-separated list for component config API objects to print the default values for. Available values: ${kinds}. If this flag is not set, no component configs will be printed.`)],
  args: noArgs,
  *run({ host, flags }) {
    const wanted = flags.list('component-configs');
    if (wanted.some((kind) => !components[kind])) fail(`--component-configs needs to contain some of ${kinds}`);
    const parts = [action === 'init' ? initDocuments(yield* defaultInit(host)) : defaultJoin(host)];
    for (const kind of wanted) parts.push(components[kind]!(yield* defaultInit(host)));
    host.out(parts.join(separator));
  },
});

const migrate: KubeadmCommand = {
  name: 'migrate',
  short: 'Read an older version of the kubeadm configuration API types from a file, and output the similar config object for the newer version',
  long: `
This command lets you convert configuration objects of older versions to the latest supported version,
locally in the CLI tool without ever touching anything in the cluster.
In this version of kubeadm, the following API versions are supported:
- kubeadm.k8s.io/v1beta2

Further, kubeadm can only write out config of version "kubeadm.k8s.io/v1beta2", but read both types.
So regardless of what version you pass to the --old-config parameter here, the API object will be
read, deserialized, defaulted, converted, validated, and re-serialized when written to stdout or
--new-config if specified.

In other words, the output of this command is what kubeadm actually would read internally if you
submitted this file to "kubeadm init"
`,
  flags: [
    text('old-config', 'Path to the kubeadm config file that is using an old API version and should be converted. This flag is mandatory.'),
    text('new-config', 'Path to the resulting equivalent kubeadm config file using the new API version. Optional, if not specified output will be sent to STDOUT.'),
  ],
  args: noArgs,
  *run({ host, flags }) {
    const old = flags.string('old-config') || fail('the --old-config flag is mandatory');
    const found = splitDocuments(readText(host, old, (reason) => reason));
    const parts: string[] = [];
    if (found.some(({ kind }) => kind === 'InitConfiguration' || kind === 'ClusterConfiguration')) parts.push(initDocuments(yield* initOf(host, found, true)));
    if (found.some(({ kind }) => kind === 'JoinConfiguration')) parts.push(joinDocument(joinOf(host, found, true)));
    const target = flags.string('new-config');
    if (target) host.files.write(resolvePath(target, host.cwd), parts.join(separator));
    else host.out(parts.join(separator));
  },
};

const view: KubeadmCommand = {
  name: 'view',
  short: 'View the kubeadm configuration stored inside the cluster',
  deprecated: "This command is deprecated and will be removed in a future release, please use 'kubectl get cm -o yaml -n kube-system kubeadm-config' to get the kubeadm config directly.",
  long: `
Using this command, you can view the ConfigMap in the cluster where the configuration for kubeadm is located.

The configuration is located in the "kube-system" namespace in the "kubeadm-config" ConfigMap.
`,
  args: noArgs,
  *run() {
    notBuilt('config view');
  },
};

export const config: KubeadmCommand = {
  name: 'config',
  short: 'Manage configuration for a kubeadm cluster persisted in a ConfigMap in the cluster',
  long: `
There is a ConfigMap in the kube-system namespace called "kubeadm-config" that kubeadm uses to store internal configuration about the
cluster. kubeadm CLI v1.8.0+ automatically creates this ConfigMap with the config used with 'kubeadm init', but if you
initialized your cluster using kubeadm v1.7.x or lower, you must use the 'config upload' command to create this
ConfigMap. This is required so that 'kubeadm upgrade' can configure your upgraded cluster correctly.
`,
  persistent: [shared.kubeconfig],
  commands: [
    {
      name: 'print',
      short: 'Print configuration',
      long: '\nThis command prints configurations for subcommands provided.\nFor details, see: https://godoc.org/k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm/v1beta2',
      commands: [printed('init'), printed('join')],
      run: needsSubcommand('print'),
    },
    migrate,
    view,
    images,
  ],
  run: needsSubcommand('config'),
};
