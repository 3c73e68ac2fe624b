// CoreDNS and kube-proxy (cmd/kubeadm/app/phases/addons).
import { isAlreadyExists, isInvalid, type KubeObject, type Manifest } from '../../../api/index.ts';
import { coreDnsObjects } from '../../../cluster/index.ts';
import { kubeProxyDocument } from '../configuration/component-documents.ts';
import { controlPlaneEndpoint } from '../configuration/endpoint.ts';
import { coreDNSImage, kubernetesImage } from '../configuration/images.ts';
import { serviceIP } from '../configuration/subnets.ts';
import type { InitConfiguration } from '../configuration/types.ts';
import type { KubeadmHost } from '../host.ts';
import { type ApiClient, asked, createOrUpdate, lookFor } from './connection.ts';
import { bootstrappers, clusterBinding, groupNamed, readerRole, systemNamespace } from './roles.ts';
import { signedMap } from './upload.ts';

export function installCoreDns(client: ApiClient, { out }: KubeadmHost, { cluster }: InitConfiguration): void {
  const { serviceSubnet = '', dnsDomain = '' } = cluster.networking;
  asked(() => client.list('Deployment', { namespace: systemNamespace, labelSelector: 'k8s-app=kube-dns' }));
  for (const name of ['kube-dns', 'coredns']) lookFor(() => client.get('ConfigMap', { namespace: systemNamespace, name }));
  for (const object of coreDnsObjects(client.version, serviceIP(serviceSubnet, 10), { domain: dnsDomain, image: coreDNSImage(cluster) })) {
    if (object.kind === 'Service') createService(client, { ...object, metadata: { ...object.metadata, resourceVersion: '0' } } as Manifest);
    else if (object.kind !== 'ServiceAccount') createOrUpdate(client, object);
    else unlessThere(() => client.create(object));
  }
  out('[addons] Applied essential addon: CoreDNS\n');
}

const unlessThere = (create: () => unknown) =>
  asked(() => {
    try {
      create();
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  });

/** Its address may be taken by itself. */
function createService(client: ApiClient, service: Manifest): void {
  asked(() => {
    try {
      client.create(service);
    } catch (error) {
      if (!isAlreadyExists(error) && !isInvalid(error)) throw error;
      client.update(service as KubeObject);
    }
  });
}

const kubeconfig = (server: string) => `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    server: ${server}
  name: default
contexts:
- context:
    cluster: default
    namespace: default
    user: default
  name: default
current-context: default
users:
- name: default
  user:
    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token`;

function proxyDaemonSet(image: string, env: readonly object[]): Manifest {
  const labels = { 'k8s-app': 'kube-proxy' };
  const container = {
    name: 'kube-proxy',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=$(NODE_NAME)'],
    securityContext: { privileged: true },
    volumeMounts: [
      { mountPath: '/var/lib/kube-proxy', name: 'kube-proxy' },
      { mountPath: '/run/xtables.lock', name: 'xtables-lock' },
      { mountPath: '/lib/modules', name: 'lib-modules', readOnly: true },
    ],
    env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }, ...env],
  };
  const spec = {
    priorityClassName: 'system-node-critical',
    containers: [container],
    hostNetwork: true,
    serviceAccountName: 'kube-proxy',
    volumes: [
      { name: 'kube-proxy', configMap: { name: 'kube-proxy' } },
      { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
      { name: 'lib-modules', hostPath: { path: '/lib/modules' } },
    ],
    tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, { operator: 'Exists' }],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
  };
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'kube-proxy', namespace: systemNamespace, labels }, spec: { selector: { matchLabels: labels }, updateStrategy: { type: 'RollingUpdate' }, template: { metadata: { labels }, spec } } } as Manifest;
}

export function installKubeProxy(client: ApiClient, { out, env }: KubeadmHost, { cluster, localAPIEndpoint, kubeProxy }: InitConfiguration): void {
  const name = 'kube-proxy';
  const account = { name, namespace: systemNamespace };
  unlessThere(() => client.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account } as Manifest));
  const server = controlPlaneEndpoint(cluster.controlPlaneEndpoint, localAPIEndpoint, out);
  createOrUpdate(client, signedMap(name, { 'config.conf': kubeProxyDocument(kubeProxy).trimEnd(), 'kubeconfig.conf': kubeconfig(server) }, { app: name }));
  const proxies = [...env].filter(([variable, value]) => variable.toLowerCase().endsWith('_proxy') && value).map(([variable, value]) => ({ name: variable, value }));
  createOrUpdate(client, proxyDaemonSet(kubernetesImage(name, cluster), proxies));
  clusterBinding(client, 'kubeadm:node-proxier', { role: 'system:node-proxier', subject: { kind: 'ServiceAccount', ...account } });
  readerRole(client, name, { resource: 'configmaps', object: name, subjects: [groupNamed(bootstrappers)] });
  out('[addons] Applied essential addon: kube-proxy\n');
}
