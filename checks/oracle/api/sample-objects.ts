// One small object of each kind, as the etcd keys were recorded with: `my-<kind>` in the namespace `demo`, on one node.
import type { Manifest } from '../../../lib/api/index.ts';

const labels = { app: 'web' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'nginx' }] } };

const bodies: Record<string, Omit<Manifest, 'kind' | 'metadata'>> = {
  Namespace: {},
  Node: {},
  Pod: { spec: template.spec },
  ConfigMap: { data: { key: 'value' } },
  Secret: { stringData: { key: 'value' } },
  ServiceAccount: {},
  Service: { spec: { selector: labels, ports: [{ port: 80 }] } },
  Endpoints: { subsets: [{ addresses: [{ ip: '10.1.0.1' }], ports: [{ port: 80 }] }] },
  PersistentVolumeClaim: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
  PersistentVolume: { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/mnt' } } },
  ReplicationController: { spec: { replicas: 0, selector: labels, template } },
  Event: { involvedObject: { kind: 'Pod', namespace: 'demo', name: 'my-pod' }, reason: 'Test', message: 'a test', type: 'Normal' },
  Deployment: { spec: { selector: { matchLabels: labels }, template } },
  ReplicaSet: { spec: { replicas: 0, selector: { matchLabels: labels }, template } },
  StatefulSet: { spec: { serviceName: 'x', selector: { matchLabels: labels }, template } },
  DaemonSet: { spec: { selector: { matchLabels: labels }, template } },
  ControllerRevision: { data: {}, revision: 1 },
  Job: { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } },
  CronJob: { spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } } } },
  PodDisruptionBudget: { spec: { minAvailable: 1, selector: { matchLabels: labels } } },
  ResourceQuota: { spec: { hard: { pods: '10' } } },
  LimitRange: { spec: { limits: [{ type: 'Container', max: { cpu: '2' } }] } },
  PodSecurityPolicy: { spec: { seLinux: { rule: 'RunAsAny' }, runAsUser: { rule: 'RunAsAny' }, supplementalGroups: { rule: 'RunAsAny' }, fsGroup: { rule: 'RunAsAny' } } },
  StorageClass: { provisioner: 'example.com/none' },
  PriorityClass: { value: 1000 },
  Lease: { spec: { holderIdentity: 'me' } },
  Role: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  ClusterRole: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  RoleBinding: { subjects: [{ kind: 'User', name: 'me' }], roleRef: { kind: 'Role', name: 'my-role' } },
  ClusterRoleBinding: { subjects: [{ kind: 'User', name: 'me' }], roleRef: { kind: 'ClusterRole', name: 'my-clusterrole' } },
  PodTemplate: { template },
  HorizontalPodAutoscaler: { spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'my-deployment' } } },
  Ingress: { spec: { defaultBackend: { service: { name: 'my-service', port: { number: 80 } } } } },
  IngressClass: { spec: { controller: 'example.com/ingress' } },
  NetworkPolicy: { spec: { podSelector: {} } },
  RuntimeClass: { handler: 'runc' },
  CertificateSigningRequest: { spec: { request: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQlBUQ0I1UUlCQURCRE1RMHdDd1lEVlFRRERBUnFZVzVsTVJFd0R3WURWUVFLREFoemFHOXdPbVJsZGpFUwpNQkFHQTFVRUNnd0pjMmh2Y0RwMFpYTjBNUXN3Q1FZRFZRUUdFd0pMVWpCWk1CTUdCeXFHU000OUFnRUdDQ3FHClNNNDlBd0VIQTBJQUJGSUF5UkJ2RndyT2NaRGZTN0psdkVjTEtQcXh2em1QZXNDNll3RVVyb0V3c0dwL0VlVEUKSWl2djFIM2R3UDZ5N201UFpaTW9tQ2tGa3FqRGphNWJPdGlnUURBK0Jna3Foa2lHOXcwQkNRNHhNVEF2TUMwRwpBMVVkRVFRbU1DU0NEV0V1WlhoaGJYQnNaUzVqYjIySEJBb0FBQUdCRFdwQVpYaGhiWEJzWlM1amIyMHdDZ1lJCktvWkl6ajBFQXdJRFJ3QXdSQUlnYnBVcGR1WnJiTHhPbVVEdTFiQXFrU0dUZndvNUFNOGFYc3hEUlNoOW1GSUMKSUNVNGVOTkJIYzM1TEY4dmgxNVJ2RVM3WW5JcytpQW91ejhTODNXUlV1ODYKLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==', signerName: 'example.com/signer', usages: ['client auth'] } },
  CSIDriver: { spec: {} },
  CSINode: { spec: { drivers: [] } },
  VolumeAttachment: { spec: { attacher: 'csi.example.com', nodeName: 'node1', source: { persistentVolumeName: 'my-persistentvolume' } } },
  MutatingWebhookConfiguration: { webhooks: [] },
  ValidatingWebhookConfiguration: { webhooks: [] },
  CustomResourceDefinition: {
    spec: {
      group: 'stable.example.com',
      scope: 'Namespaced',
      names: { plural: 'crontabs', kind: 'CronTab' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
    },
  },
  EndpointSlice: { addressType: 'IPv4', endpoints: [{ addresses: ['10.1.0.1'] }], ports: [{ port: 80 }] },
};

/** An object of the kind that the sample definition defines. */
export const customObject = { apiVersion: 'stable.example.com/v1', kind: 'CronTab', metadata: { name: 'my-crontab' } };

const names: Record<string, string> = { Namespace: 'demo', Node: 'node1', CustomResourceDefinition: 'crontabs.stable.example.com' };

export const sampleKinds = Object.keys(bodies);

export function sampleObject(kind: string): Manifest | undefined {
  const body = bodies[kind];
  return body && { ...body, kind, metadata: { name: names[kind] ?? `my-${kind.toLowerCase()}` } };
}
