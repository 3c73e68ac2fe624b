// kube-flannel.yml as it stood in flannel's repository when Kubernetes was v1.20 (flannel v0.13.1-rc1): the same objects, in our own writing.
import { printYaml } from '../../kubectl/index.ts';

const image = 'quay.io/coreos/flannel:v0.13.1-rc1';
const namespace = 'kube-system';
const labels = { tier: 'node', app: 'flannel' };
const rbac = 'rbac.authorization.k8s.io';

const policy = {
  apiVersion: 'policy/v1beta1',
  kind: 'PodSecurityPolicy',
  metadata: { name: 'psp.flannel.unprivileged' },
  spec: {
    privileged: false,
    volumes: ['configMap', 'secret', 'emptyDir', 'hostPath'],
    allowedHostPaths: ['/etc/cni/net.d', '/etc/kube-flannel', '/run/flannel'].map((pathPrefix) => ({ pathPrefix })),
    readOnlyRootFilesystem: false,
    runAsUser: { rule: 'RunAsAny' },
    supplementalGroups: { rule: 'RunAsAny' },
    fsGroup: { rule: 'RunAsAny' },
    allowPrivilegeEscalation: false,
    defaultAllowPrivilegeEscalation: false,
    allowedCapabilities: ['NET_ADMIN', 'NET_RAW'],
    defaultAddCapabilities: [],
    requiredDropCapabilities: [],
    hostPID: false,
    hostIPC: false,
    hostNetwork: true,
    hostPorts: [{ min: 0, max: 65535 }],
    seLinux: { rule: 'RunAsAny' },
  },
};

const rules = [
  { apiGroups: ['extensions'], resources: ['podsecuritypolicies'], verbs: ['use'], resourceNames: ['psp.flannel.unprivileged'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
  { apiGroups: [''], resources: ['nodes'], verbs: ['list', 'watch'] },
  { apiGroups: [''], resources: ['nodes/status'], verbs: ['patch'] },
];

const config = {
  'cni-conf.json': `${JSON.stringify({ name: 'cbr0', cniVersion: '0.3.1', plugins: [{ type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } }, { type: 'portmap', capabilities: { portMappings: true } }] }, null, 2)}\n`,
  'net-conf.json': `${JSON.stringify({ Network: '10.244.0.0/16', Backend: { Type: 'vxlan' } }, null, 2)}\n`,
};

const mounts = { cni: { name: 'cni', mountPath: '/etc/cni/net.d' }, configuration: { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' }, run: { name: 'run', mountPath: '/run/flannel' } };
const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

const podSpec = {
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['linux'] }] }] } } },
  hostNetwork: true,
  priorityClassName: 'system-node-critical',
  tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
  serviceAccountName: 'flannel',
  initContainers: [{ name: 'install-cni', image, command: ['cp'], args: ['-f', '/etc/kube-flannel/cni-conf.json', '/etc/cni/net.d/10-flannel.conflist'], volumeMounts: [mounts.cni, mounts.configuration] }],
  containers: [
    {
      name: 'kube-flannel',
      image,
      command: ['/opt/bin/flanneld'],
      args: ['--ip-masq', '--kube-subnet-mgr'],
      resources: { requests: { cpu: '100m', memory: '50Mi' }, limits: { cpu: '100m', memory: '50Mi' } },
      securityContext: { privileged: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
      env: [field('POD_NAME', 'metadata.name'), field('POD_NAMESPACE', 'metadata.namespace')],
      volumeMounts: [mounts.run, mounts.configuration],
    },
  ],
  volumes: [
    { name: 'run', hostPath: { path: '/run/flannel' } },
    { name: 'cni', hostPath: { path: '/etc/cni/net.d' } },
    { name: 'flannel-cfg', configMap: { name: 'kube-flannel-cfg' } },
  ],
};

const objects: readonly object[] = [
  policy,
  { kind: 'ClusterRole', apiVersion: `${rbac}/v1`, metadata: { name: 'flannel' }, rules },
  { kind: 'ClusterRoleBinding', apiVersion: `${rbac}/v1`, metadata: { name: 'flannel' }, roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'flannel' }, subjects: [{ kind: 'ServiceAccount', name: 'flannel', namespace }] },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'flannel', namespace } },
  { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'kube-flannel-cfg', namespace, labels }, data: config },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'kube-flannel-ds', namespace, labels }, spec: { selector: { matchLabels: { app: 'flannel' } }, template: { metadata: { labels }, spec: podSpec } } },
];

export const flannelManifest = (): string => objects.map((one) => `---\n${printYaml(one)}`).join('');
