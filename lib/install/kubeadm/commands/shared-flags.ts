// Flags that several commands have, with what their help says (cmd/kubeadm/app/cmd/options).
import { list, pairs, text, time, toggle, whole, type KubeadmFlag } from '../frame/flags.ts';
import { paths, v1_20 } from '../release.ts';

export const config = text('config', 'Path to a kubeadm configuration file.');
export const kubeconfig = text('kubeconfig', 'The kubeconfig file to use when talking to the cluster. If the flag is not set, a set of standard locations can be searched for an existing kubeconfig file.', { shown: paths.admin });
export const kubeconfigDir = text('kubeconfig-dir', 'The path where to save the kubeconfig file.', { value: paths.kubernetes });
export const criSocket = text('cri-socket', 'Path to the CRI socket to connect. If empty kubeadm will try to auto-detect this value; use this option only if you have more than one CRI installed or if you have non-standard CRI socket.');
export const nodeName = text('node-name', 'Specify the node name.');
export const imageRepository = text('image-repository', 'Choose a container registry to pull control plane images from', { value: v1_20.imageRepository });
export const kubernetesVersion = text('kubernetes-version', 'Choose a specific Kubernetes version for the control plane.', { value: 'stable-1' });
export const featureGates = text('feature-gates', 'A set of key=value pairs that describe feature gates for various features. Options are:\nIPv6DualStack=true|false (ALPHA - default=false)\nPublicKeysECDSA=true|false (ALPHA - default=false)');
export const ignorePreflightErrors = list('ignore-preflight-errors', "A list of checks whose errors will be shown as warnings. Example: 'IsPrivilegedUser,Swap'. Value 'all' ignores errors from all checks.");
export const certDir = text('cert-dir', 'The path where to save the certificates', { value: paths.certificates });
export const csrOnly = toggle('csr-only', 'Create CSRs instead of generating certificates');
export const csrDir = text('csr-dir', 'The path to output the CSRs and private keys to');
export const patches = text(
  'experimental-patches',
  'Path to a directory that contains files named "target[suffix][+patchtype].extension". For example, "kube-apiserver0+merge.yaml" or just "etcd.json". "patchtype" can be one of "strategic", "merge" or "json" and they match the patch formats supported by kubectl. The default "patchtype" is "strategic". "extension" must be either "json" or "yaml". "suffix" is an optional string that can be used to determine which patches are applied first alpha-numerically.',
);
export const tokenTtl = (name: string) => time(name, "The duration before the token is automatically deleted (e.g. 1s, 2m, 3h). If set to '0', the token will never expire", '24h0m0s');
export const extraArguments: KubeadmFlag[] = [
  pairs('apiserver-extra-args', 'A set of extra flags to pass to the API Server or override default ones in form of <flagname>=<value>'),
  pairs('controller-manager-extra-args', 'A set of extra flags to pass to the Controller Manager or override default ones in form of <flagname>=<value>'),
  pairs('scheduler-extra-args', 'A set of extra flags to pass to the Scheduler or override default ones in form of <flagname>=<value>'),
];
/** Of commands that print objects. */
export const outputFlags: KubeadmFlag[] = [
  toggle('allow-missing-template-keys', 'If true, ignore any errors in templates when a field or map key is missing in the template. Only applies to golang and jsonpath output formats.', { value: 'true' }),
  text('experimental-output', 'Output format. One of: text|json|yaml|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file.', { short: 'o', value: 'text' }),
];

export const global: KubeadmFlag[] = [
  toggle('add-dir-header', 'If true, adds the file directory to the header of the log messages'),
  text('log-file', 'If non-empty, use this log file'),
  whole('log-file-max-size', 'Defines the maximum size a log file can grow to. Unit is megabytes. If the value is 0, the maximum file size is unlimited.', '1800', 'uint'),
  toggle('one-output', 'If true, only write logs to their native severity level (vs also writing to each lower severity level'),
  text('rootfs', "[EXPERIMENTAL] The path to the 'real' host root filesystem."),
  toggle('skip-headers', 'If true, avoid header prefixes in the log messages'),
  toggle('skip-log-headers', 'If true, avoid headers when opening log files'),
  { ...whole('v', 'number for the log level verbosity', '0', 'Level'), short: 'v' },
];
