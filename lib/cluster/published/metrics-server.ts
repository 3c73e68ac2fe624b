// components.yaml of metrics-server as its releases publish it: the same objects, in our own writing.

/** What differs from release to release. */
interface Release {
  port: number;
  /** The kubelet's page that it reads. */
  page: 'nodes/stats' | 'nodes/metrics';
  minor: number;
  image: string;
}

function releaseOf(version: string): Release {
  const minor = Number(/^v0\.(\d+)/.exec(version)?.[1]);
  return {
    port: minor >= 7 ? 10250 : 4443,
    page: minor >= 6 ? 'nodes/metrics' : 'nodes/stats',
    minor,
    image: `${/^v0\.([0-5]\.|6\.[0-2]$)/.test(version) ? 'k8s.gcr.io' : 'registry.k8s.io'}/metrics-server/metrics-server:${version}`,
  };
}

const account = (kind: string, name: string, role: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata:
  labels:
    k8s-app: metrics-server
  name: ${name}${kind === 'RoleBinding' ? '\n  namespace: kube-system' : ''}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ${kind.replace('Binding', '')}
  name: ${role}
subjects:
- kind: ServiceAccount
  name: metrics-server
  namespace: kube-system
`;

const rights = ({ page }: Release) => `apiVersion: v1
kind: ServiceAccount
metadata:
  labels:
    k8s-app: metrics-server
  name: metrics-server
  namespace: kube-system
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  labels:
    k8s-app: metrics-server
    rbac.authorization.k8s.io/aggregate-to-admin: "true"
    rbac.authorization.k8s.io/aggregate-to-edit: "true"
    rbac.authorization.k8s.io/aggregate-to-view: "true"
  name: system:aggregated-metrics-reader
rules:
- apiGroups: [metrics.k8s.io]
  resources: [pods, nodes]
  verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  labels:
    k8s-app: metrics-server
  name: system:metrics-server
rules:
${page === 'nodes/metrics' ? `- apiGroups: [""]
  resources: [nodes/metrics]
  verbs: [get]
- apiGroups: [""]
  resources: [pods, nodes]
  verbs: [get, list, watch]` : `- apiGroups: [""]
  resources: [pods, nodes, nodes/stats, namespaces, configmaps]
  verbs: [get, list, watch]`}
---
${account('RoleBinding', 'metrics-server-auth-reader', 'extension-apiserver-authentication-reader')}---
${account('ClusterRoleBinding', 'metrics-server:system:auth-delegator', 'system:auth-delegator')}---
${account('ClusterRoleBinding', 'system:metrics-server', 'system:metrics-server')}`;

const probe = (path: string, more = '') => `
          failureThreshold: 3
          httpGet:
            path: ${path}
            port: https
            scheme: HTTPS${more}
          periodSeconds: 10`;

const resources = `
        resources:
          requests:
            cpu: 100m
            memory: 200Mi`;

const deployment = ({ port, minor, image }: Release) => `apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    k8s-app: metrics-server
  name: metrics-server
  namespace: kube-system
spec:
  selector:
    matchLabels:
      k8s-app: metrics-server
  strategy:
    rollingUpdate:
      maxUnavailable: 0
  template:
    metadata:
      labels:
        k8s-app: metrics-server
    spec:
      containers:
      - args:
        - --cert-dir=/tmp
        - --secure-port=${port}
        - --kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname
        - --kubelet-use-node-status-port${minor >= 5 ? '\n        - --metric-resolution=15s' : ''}
        image: ${image}
        imagePullPolicy: IfNotPresent
        livenessProbe:${probe('/livez')}
        name: metrics-server
        ports:
        - containerPort: ${port}
          name: https
          protocol: TCP
        readinessProbe:${minor >= 5 ? probe('/readyz', '\n          initialDelaySeconds: 20') + resources : probe('/readyz')}
        securityContext:${minor >= 6 ? '\n          allowPrivilegeEscalation: false' : ''}${minor >= 7 ? '\n          capabilities:\n            drop:\n            - ALL' : ''}
          readOnlyRootFilesystem: true
          runAsNonRoot: true
          runAsUser: 1000${minor >= 7 ? '\n          seccompProfile:\n            type: RuntimeDefault' : ''}
        volumeMounts:
        - mountPath: /tmp
          name: tmp-dir
      nodeSelector:
        kubernetes.io/os: linux
      priorityClassName: system-cluster-critical
      serviceAccountName: metrics-server
      volumes:
      - emptyDir: {}
        name: tmp-dir
`;

const service = ({ minor }: Release) => `apiVersion: v1
kind: Service
metadata:
  labels:
    k8s-app: metrics-server
  name: metrics-server
  namespace: kube-system
spec:
  ports:
  - ${minor >= 8 ? 'appProtocol: https\n    ' : ''}name: https
    port: 443
    protocol: TCP
    targetPort: https
  selector:
    k8s-app: metrics-server
`;

const apiService = `apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata:
  labels:
    k8s-app: metrics-server
  name: v1beta1.metrics.k8s.io
spec:
  group: metrics.k8s.io
  groupPriorityMinimum: 100
  insecureSkipTLSVerify: true
  service:
    name: metrics-server
    namespace: kube-system
  version: v1beta1
  versionPriority: 100
`;

/** v0.4 to v0.8. */
export function metricsServerManifest(version: string): string {
  const release = releaseOf(version);
  return [rights(release), service(release), deployment(release), apiService].join('---\n');
}
