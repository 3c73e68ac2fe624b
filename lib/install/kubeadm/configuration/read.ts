// A file of configuration: several documents, of which each kind may be there once (cmd/kubeadm/app/util/marshal.go, config/common.go).
import { documents } from '../../../kubectl/index.ts';
import { resolvePath } from '../../../machine/index.ts';
import type { Steps } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import { type KubeadmHost, log } from '../host.ts';
import { completeInit, completeJoin } from './dynamic-defaults.ts';
import { initDefaults, joinDefaults } from './static-defaults.ts';
import type { ClusterConfiguration, InitConfiguration, JoinConfiguration } from './types.ts';

interface Document {
  group: string;
  version: string;
  kind: string;
  content: Record<string, unknown>;
}

/** What kubeadm wants to say of a version of its API that is too old to read → the kubeadm that reads it. */
const outdated: Readonly<Record<string, string>> = { 'kubeadm.k8s.io/v1alpha1': 'v1.11', 'kubeadm.k8s.io/v1alpha2': 'v1.12', 'kubeadm.k8s.io/v1alpha3': 'v1.14' };
const componentGroups = ['kubelet.config.k8s.io', 'kubeproxy.config.k8s.io'];

export function readText(host: KubeadmHost, path: string, otherwise: (reason: string) => string): string {
  const full = resolvePath(path, host.cwd);
  const text = host.files.read(full);
  return text ?? fail(otherwise(`open ${path}: ${host.files.isDirectory(full) ? 'is a directory' : 'no such file or directory'}`));
}

const readConfig = (host: KubeadmHost, path: string) => readText(host, path, (reason) => `unable to read config from ${JSON.stringify(path)} : ${reason}`);

export function splitDocuments(text: string): Document[] {
  const { documents: all, error } = documents(text);
  if (error) fail(error);
  const found: Document[] = [];
  const twice: string[] = [];
  for (const one of all) {
    const { apiVersion = '', kind = '', ...content } = one as { apiVersion?: string; kind?: string };
    const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    if (!group || !version || !kind) fail(`invalid configuration for GroupVersionKind ${group}/${version}, Kind=${kind}: kind and apiVersion is mandatory information that must be specified`);
    if (found.some((other) => other.kind === kind)) twice.push(`invalid configuration: kind ${JSON.stringify(kind)} is specified twice in YAML file`);
    else found.push({ group, version, kind, content });
  }
  if (twice.length > 0) fail(twice.length === 1 ? twice[0]! : `[${twice.join(', ')}]`);
  return found;
}

function checkVersion(host: KubeadmHost, { group, version }: Document, migrating: boolean): void {
  const apiVersion = `${group}/${version}`;
  if (outdated[apiVersion]) fail(`your configuration file uses an old API spec: ${JSON.stringify(apiVersion)}. Please use kubeadm ${outdated[apiVersion]} instead and run 'kubeadm config migrate --old-config old.yaml --new-config new.yaml', which will write the new, similar spec using a newer API version.`);
  if (apiVersion === 'kubeadm.k8s.io/v1beta1' && !migrating) log(host, 'common.go:77', `your configuration file uses a deprecated API spec: ${JSON.stringify(apiVersion)}. Please use 'kubeadm config migrate --old-config old.yaml --new-config new.yaml', which will write the new, similar spec using a newer API version.`);
}

const isKubeadm = ({ group }: Document) => group === 'kubeadm.k8s.io';

export function* initOf(host: KubeadmHost, found: readonly Document[], migrating = false): Steps<InitConfiguration> {
  for (const one of found) {
    checkVersion(host, one, migrating);
    const { group, version, kind } = one;
    if (!isKubeadm(one) && !componentGroups.includes(group)) host.out(`[config] WARNING: Ignored YAML document with GroupVersionKind ${group}/${version}, Kind=${kind}\n`);
  }
  const content = (kind: string) => found.find((one) => one.kind === kind)?.content;
  const [init, cluster] = ['InitConfiguration', 'ClusterConfiguration'].map(content);
  if (!init && !cluster) fail('no InitConfiguration or ClusterConfiguration kind was found in the YAML file');
  const [kubelet, kubeProxy] = ['KubeletConfiguration', 'KubeProxyConfiguration'].map(content);
  return yield* completeInit(host, initDefaults({ ...(init as Partial<InitConfiguration>), ...(kubelet && { kubelet }), ...(kubeProxy && { kubeProxy }) }, cluster as Partial<ClusterConfiguration>));
}

export function joinOf(host: KubeadmHost, found: readonly Document[], migrating = false): JoinConfiguration {
  const one = found.find(({ kind }) => kind === 'JoinConfiguration') ?? fail('no JoinConfiguration found in the supplied config');
  checkVersion(host, one, migrating);
  return completeJoin(host, joinDefaults(one.content as Partial<JoinConfiguration>));
}

/** From the file when one is named, otherwise from the flags. */
export function* loadInit(host: KubeadmHost, path: string, given: InitConfiguration): Steps<InitConfiguration> {
  return path ? yield* initOf(host, splitDocuments(readConfig(host, path))) : yield* completeInit(host, given);
}

export function loadJoin(host: KubeadmHost, path: string, given: JoinConfiguration): JoinConfiguration {
  return path ? joinOf(host, splitDocuments(readConfig(host, path))) : completeJoin(host, given);
}
