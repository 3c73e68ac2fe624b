// CoreDNS as kubeadm installs it (cmd/kubeadm/app/phases/addons/dns): two pods behind the Service kube-dns in kube-system.
import type { Manifest, Version } from '../api/index.ts';
import type { Client } from '../client/index.ts';

const labels = { 'k8s-app': 'kube-dns' };
const metadata = { name: 'coredns', namespace: 'kube-system' };

/** By release, the newest first: coredns/deployment, kubernetes/CoreDNS-k8s_version.md. */
const images: [since: number, image: string][] = [
  [33, 'registry.k8s.io/coredns/coredns:v1.12.0'],
  [31, 'registry.k8s.io/coredns/coredns:v1.11.3'],
  [29, 'registry.k8s.io/coredns/coredns:v1.11.1'],
  [27, 'registry.k8s.io/coredns/coredns:v1.10.1'],
  [25, 'registry.k8s.io/coredns/coredns:v1.9.3'],
  [23, 'k8s.gcr.io/coredns/coredns:v1.8.6'],
  [22, 'k8s.gcr.io/coredns/coredns:v1.8.4'],
  [21, 'k8s.gcr.io/coredns/coredns:v1.8.0'],
  [0, 'k8s.gcr.io/coredns:1.7.0'],
];

const cacheOf = (version: Version) => (version.has('coredns-caches-others') ? 'cache 30 {\n       disable success cluster.local\n       disable denial cluster.local\n    }' : 'cache 30');

const corefile = (version: Version, domain: string) => `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes ${domain} in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    ${cacheOf(version)}
    loop
    reload
    loadbalance
}
`;

function container(version: Version, image: string): object {
  return {
    name: 'coredns',
    image,
    imagePullPolicy: 'IfNotPresent',
    resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
    args: ['-conf', '/etc/coredns/Corefile'],
    volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
    ports: [
      { containerPort: 53, name: 'dns', protocol: 'UDP' },
      { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
      { containerPort: 9153, name: 'metrics', protocol: 'TCP' },
    ],
    livenessProbe: { httpGet: { path: '/health', port: 8080, scheme: 'HTTP' }, initialDelaySeconds: 60, timeoutSeconds: 5, successThreshold: 1, failureThreshold: 5 },
    readinessProbe: { httpGet: { path: '/ready', port: 8181, scheme: 'HTTP' } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['NET_BIND_SERVICE'], drop: [version.has('coredns-drops-ALL') ? 'ALL' : 'all'] }, readOnlyRootFilesystem: true },
  };
}

function podSpec(version: Version, image: string): object {
  const apart = { labelSelector: { matchExpressions: [{ key: 'k8s-app', operator: 'In', values: ['kube-dns'] }] }, topologyKey: 'kubernetes.io/hostname' };
  const roles = version.has('coredns-tolerates-control-plane') ? ['control-plane'] : ['master', 'control-plane'];
  return {
    priorityClassName: 'system-cluster-critical',
    serviceAccountName: 'coredns',
    ...(version.has('coredns-apart') && { affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: apart }] } } }),
    tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, ...roles.map((role) => ({ key: `node-role.kubernetes.io/${role}`, effect: 'NoSchedule' }))],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    containers: [container(version, image)],
    dnsPolicy: 'Default',
    volumes: [{ name: 'config-volume', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } }],
  };
}

interface CoreDnsOptions {
  domain?: string;
  image?: string;
}

/** In the order in which kubeadm makes them. */
export function coreDnsObjects(version: Version, clusterIP: string, { domain = 'cluster.local', image = images.find(([since]) => version.minor >= since)![1] }: CoreDnsOptions = {}): Manifest[] {
  const watched = version.has('coredns-reads-slices')
    ? { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] }
    : { apiGroups: [''], resources: ['nodes'], verbs: ['get'] };
  const rbac = 'rbac.authorization.k8s.io';
  const role = { apiGroup: rbac, kind: 'ClusterRole', name: 'system:coredns' };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { Corefile: corefile(version, domain) } },
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: role.name }, rules: [{ apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] }, watched] },
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', metadata: { name: role.name }, roleRef: role, subjects: [{ kind: 'ServiceAccount', ...metadata }] },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, labels },
      spec: { replicas: 2, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } }, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec(version, image) } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'kube-dns',
        namespace: 'kube-system',
        labels: { ...labels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': version.has('kube-dns-is-coredns') ? 'CoreDNS' : 'KubeDNS' },
        annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
      },
      spec: {
        clusterIP,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
          { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
          { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
        ],
        selector: labels,
      },
    },
  ] as Manifest[];
}

/** What is there already stays. */
export function installCoreDns(client: Client, clusterIP: string): void {
  for (const object of coreDnsObjects(client.version, clusterIP)) if (!client.find(object.kind!, { ...object.metadata } as { name: string })) client.create(object);
}
