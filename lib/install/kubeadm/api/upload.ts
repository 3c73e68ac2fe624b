// What a cluster remembers of how it was made (cmd/kubeadm/app/phases/uploadconfig, kubelet, copycerts).
import { hex, isAlreadyExists, type Manifest, type Node, sha256, type Secret, StatusError, type Taint } from '../../../api/index.ts';
import { ConnectionError } from '../../../client/index.ts';
import { parseYaml, printYaml } from '../../../kubectl/index.ts';
import { kubeletDocument } from '../configuration/component-documents.ts';
import { generateToken } from '../configuration/dynamic-defaults.ts';
import type { APIEndpoint, InitConfiguration, NodeRegistration } from '../configuration/types.ts';
import { clusterDocument } from '../configuration/write.ts';
import type { Steps } from '../frame/command.ts';
import { fail, wrapped } from '../frame/errors.ts';
import type { KubeadmHost } from '../host.ts';
import { parseSemver } from '../semver.ts';
import { type ApiClient, asked, createOrUpdate } from './connection.ts';
import { bootstrappers, groupNamed, nodes, readerRole, systemNamespace } from './roles.ts';
import { createTokens, secretName } from './tokens.ts';

const newcomers = [groupNamed(bootstrappers), groupNamed(nodes)];

/** The sum of what kubeadm wrote by itself: by it an upgrade sees whether somebody changed it. */
export function signedMap(name: string, data: Record<string, string>, labels?: Record<string, string>): Manifest {
  const sum = hex(sha256(Object.keys(data).sort().map((key) => data[key]).join('')));
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: systemNamespace, ...(labels && { labels }), annotations: { 'kubeadm.kubernetes.io/component-config.hash': `sha256:${sum}` } }, data } as Manifest;
}

const statusDocument = (apiEndpoints: Record<string, APIEndpoint>) => printYaml({ apiEndpoints, apiVersion: 'kubeadm.k8s.io/v1beta2', kind: 'ClusterStatus' });

export function uploadConfiguration(client: ApiClient, host: KubeadmHost, { cluster, nodeRegistration, localAPIEndpoint }: InitConfiguration): void {
  const name = 'kubeadm-config';
  host.out(`[upload-config] Storing the configuration used in ConfigMap ${JSON.stringify(name)} in the ${JSON.stringify(systemNamespace)} Namespace\n`);
  const document = (endpoints: Record<string, APIEndpoint>) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: systemNamespace },
    data: { ClusterConfiguration: clusterDocument(cluster), ClusterStatus: statusDocument({ ...endpoints, [nodeRegistration.name!]: localAPIEndpoint }) },
  });
  asked(() => {
    try {
      client.create(document({}) as Manifest);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const former = client.get('ConfigMap', { namespace: systemNamespace, name });
      client.update({ ...former, data: document((parseYaml(former.data?.['ClusterStatus'] ?? '') as { apiEndpoints?: Record<string, APIEndpoint> } | null)?.apiEndpoints ?? {}).data });
    }
  });
  readerRole(client, 'kubeadm:nodes-kubeadm-config', { resource: 'configmaps', object: name, subjects: newcomers });
}

export function* uploadKubeletConfiguration(client: ApiClient, host: KubeadmHost, { cluster, kubelet, nodeRegistration }: InitConfiguration): Steps {
  const [major, minor] = parseSemver(cluster.kubernetesVersion!).components;
  const name = `kubelet-config-${major}.${minor}`;
  host.out(`[kubelet] Creating a ConfigMap ${JSON.stringify(name)} in namespace ${systemNamespace} with the configuration for the kubelets in the cluster\n`);
  createOrUpdate(client, signedMap(name, { kubelet: kubeletDocument(kubelet) }));
  readerRole(client, `kubeadm:${name}`, { resource: 'configmaps', object: name, subjects: [groupNamed(nodes), groupNamed(bootstrappers)] });
  try {
    yield* noteSocket(client, nodeRegistration);
  } catch (error) {
    throw wrapped(error, 'Error writing Crisocket information for the control-plane node');
  }
}

/** By it other commands of kubeadm know the node's container runtime. */
export const noteSocket = (client: ApiClient, { name = '', criSocket = '' }: NodeRegistration): Steps => patchNode(client, name, () => ({ metadata: { annotations: { 'kubeadm.alpha.kubernetes.io/cri-socket': criSocket } } }));

export interface NodePatch {
  metadata?: { annotations?: Record<string, string>; labels?: Record<string, string> };
  spec?: { taints: Taint[] };
}

/** One API server less. */
export function forgetEndpoint(client: ApiClient, nodeName: string): void {
  asked(() => {
    const former = client.get('ConfigMap', { namespace: systemNamespace, name: 'kubeadm-config' });
    const { apiEndpoints = {} } = (parseYaml(former.data?.['ClusterStatus'] ?? '') ?? {}) as { apiEndpoints?: Record<string, APIEndpoint> };
    client.update({ ...former, data: { ...former.data, ClusterStatus: statusDocument(Object.fromEntries(Object.entries(apiEndpoints).filter(([name]) => name !== nodeName))) } });
  });
}

/** How long it looks for the node, and how often, in milliseconds. */
const [nodePatience, nodeInterval] = [120_000, 500];

/** Looks at the node first: its kubelet may not have come to register it. */
export function* patchNode(client: ApiClient, name: string, patch: (node: Node) => NodePatch): Steps {
  for (let waited = 0; waited < nodePatience; waited += nodeInterval) {
    yield nodeInterval;
    const node = unlessMissing(() => client.get('Node', { name }));
    if (node?.metadata.labels?.['kubernetes.io/hostname'] !== undefined) return void asked(() => client.patch('Node', { name }, patch(node), { type: 'merge' }));
  }
  fail('timed out waiting for the condition');
}

/** What the server does not give now, it may give later. */
function unlessMissing<T>(request: () => T): T | undefined {
  try {
    return request();
  } catch (error) {
    if (error instanceof StatusError || error instanceof ConnectionError) return undefined;
    throw error;
  }
}

/** Differs from Kubernetes: nothing is encrypted; which key opens it is written beside it, as a sum. */
const locked = (text: string, key: string) => btoa(JSON.stringify({ key: hex(sha256(key)), text }));

/** Certificates that all control planes share, under the names that they have in the Secret. */
export const sharedCertificates: readonly string[] = ['ca', 'front-proxy-ca', 'etcd/ca'].flatMap((file) => [`${file}.crt`, `${file}.key`]).concat('sa.pub', 'sa.key');

export function uploadCertificates(client: ApiClient, host: KubeadmHost, { init: { cluster }, key }: { init: InitConfiguration; key: string }): void {
  const name = 'kubeadm-certs';
  host.out(`[upload-certs] Storing the certificates in Secret ${JSON.stringify(name)} in the ${JSON.stringify(systemNamespace)} Namespace\n`);
  if (!/^([0-9a-fA-F]{2})*$/.test(key)) fail(`error decoding certificate key: encoding/hex: ${key.length % 2 === 1 ? 'odd length hex string' : `invalid byte: U+${/[^0-9a-fA-F]/.exec(key)![0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${/[^0-9a-fA-F]/.exec(key)![0]}'`}`);
  const token = generateToken(host);
  createTokens(client, [{ token, description: 'Proxy for managing TTL for the kubeadm-certs secret', ttl: '2h0m0s' }], { onlyNew: true });
  const text = (file: string) => host.files.read(`${cluster.certificatesDir}/${file}`);
  // Those that are not there have a place, but nothing in it.
  const data = Object.fromEntries(sharedCertificates.map((file) => [file.replace('/', '-'), text(file) === undefined ? '' : locked(text(file)!, key)]));
  const owner = ownerOf(client, secretName(token.split('.')[0]!));
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Secret', name: owner.metadata.name, uid: owner.metadata.uid, controller: true, blockOwnerDeletion: true }];
  createOrUpdate(client, { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: systemNamespace, ownerReferences }, data } as Manifest);
  readerRole(client, `kubeadm:${name}`, { resource: 'secrets', object: name, subjects: [groupNamed(bootstrappers)] });
}

function ownerOf(client: ApiClient, name: string): Secret {
  try {
    return asked(() => client.get('Secret', { namespace: systemNamespace, name })) as Secret;
  } catch (error) {
    throw wrapped(error, 'error uploading certs: error to get token reference');
  }
}
