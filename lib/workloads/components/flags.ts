// The command lines of Kubernetes' own programs: what they say they are, and flags by section.
// Differs from Kubernetes: of more than a hundred flags each has here those that one meets, as v1.16 to v1.18 know them, and of what
// they mean the beginning.

export interface Component {
  about: string;
  /** Section → flags, one a line: `name type | meaning | default`; without a type it is a switch. */
  sections: Readonly<Record<string, string>>;
}

const global = `
  help | help for this command
  v Level | number for the log level verbosity
  version version[=true] | Print version information and quit`;

const leaderElection = `
  leader-elect | Start a leader election client and gain leadership before executing the main loop. | true
  leader-elect-lease-duration duration | The duration that non-leader candidates will wait after observing a leadership renewal until attempting to acquire leadership of a led but unrenewed leader slot. | 15s
  leader-elect-renew-deadline duration | The interval between attempts by the acting master to renew a leadership slot before it stops leading. | 10s
  leader-elect-retry-period duration | The duration the clients should wait between attempting acquisition and renewal of a leadership. | 2s`;

export const components: Readonly<Record<string, Component>> = {
  'kube-apiserver': {
    about: `The Kubernetes API server validates and configures data
for the api objects which include pods, services, replicationcontrollers, and
others. The API Server services REST operations and provides the frontend to the
cluster's shared state through which all other components interact.`,
    sections: {
      generic: `
  advertise-address ip | The IP address on which to advertise the apiserver to members of the cluster.
  max-requests-inflight int | The maximum number of non-mutating requests in flight at a given time. | 400`,
      etcd: `
  etcd-cafile string | SSL Certificate Authority file used to secure etcd communication.
  etcd-certfile string | SSL certification file used to secure etcd communication.
  etcd-keyfile string | SSL key file used to secure etcd communication.
  etcd-prefix string | The prefix to prepend to all resource paths in etcd. | "/registry"
  etcd-servers strings | List of etcd servers to connect with (scheme://ip:port), comma separated.`,
      'secure serving': `
  cert-dir string | The directory where the TLS certs are located. | "/var/run/kubernetes"
  secure-port int | The port on which to serve HTTPS with authentication and authorization. | 6443
  tls-cert-file string | File containing the default x509 Certificate for HTTPS.
  tls-private-key-file string | File containing the default x509 private key matching --tls-cert-file.`,
      authentication: `
  anonymous-auth | Enables anonymous requests to the secure port of the API server. | true
  client-ca-file string | If set, any request presenting a client certificate signed by one of the authorities in the client-ca-file is authenticated.
  service-account-issuer string | Identifier of the service account token issuer.
  service-account-key-file stringArray | File containing PEM-encoded x509 RSA or ECDSA private or public keys, used to verify ServiceAccount tokens.`,
      authorization: `
  authorization-mode strings | Ordered list of plug-ins to do authorization on secure port. | [AlwaysAllow]`,
      admission: `
  disable-admission-plugins strings | admission plugins that should be disabled although they are in the default enabled plugins list
  enable-admission-plugins strings | admission plugins that should be enabled in addition to default enabled ones`,
      misc: `
  allow-privileged | If true, allow privileged containers.
  service-account-signing-key-file string | Path to the file that contains the current private key of the service account token issuer.
  service-cluster-ip-range string | A CIDR notation IP range from which to assign service cluster IPs.
  service-node-port-range portRange | A port range to reserve for services with NodePort visibility. | 30000-32767`,
      global,
      // Deprecated, and so not shown.
      hidden: `
  insecure-bind-address ip | The IP address on which to serve the --insecure-port. | 127.0.0.1
  insecure-port int | The port on which to serve unsecured, unauthenticated access. | 8080`,
    },
  },
  'kube-controller-manager': {
    about: `The Kubernetes controller manager is a daemon that embeds
the core control loops shipped with Kubernetes. In applications of robotics and
automation, a control loop is a non-terminating loop that regulates the state of
the system. In Kubernetes, a controller is a control loop that watches the shared
state of the cluster through the apiserver and makes changes attempting to move the
current state towards the desired state. Examples of controllers that ship with
Kubernetes today are the replication controller, endpoints controller, namespace
controller, and serviceaccounts controller.`,
    sections: {
      generic: `
  allocate-node-cidrs | Should CIDRs for Pods be allocated and set on the cloud provider.
  cluster-cidr string | CIDR Range for Pods in cluster.
  controllers strings | A list of controllers to enable. | [*]${leaderElection}
  service-cluster-ip-range string | CIDR Range for Services in cluster.`,
      'nodelifecycle controller': `
  node-eviction-rate float32 | Number of nodes per second on which pods are deleted in case of node failure when a zone is healthy. | 0.1
  node-monitor-grace-period duration | Amount of time which we allow running Node to be unresponsive before marking it unhealthy. | 40s
  pod-eviction-timeout duration | The grace period for deleting pods on failed nodes. | 5m0s`,
      'replicaset controller': `
  concurrent-replica-set-syncs int32 | The number of replica sets that are allowed to sync concurrently. | 5`,
      'serviceaccount controller': `
  service-account-private-key-file string | Filename containing a PEM-encoded private RSA or ECDSA key used to sign service account tokens.`,
      misc: `
  kubeconfig string | Path to kubeconfig file with authorization and master location information.
  master string | The address of the Kubernetes API server (overrides any value in kubeconfig).
  root-ca-file string | If set, this root certificate authority will be included in service account's token secret.`,
      global,
    },
  },
  'kube-scheduler': {
    about: `The Kubernetes scheduler is a policy-rich, topology-aware,
workload-specific function that significantly impacts availability, performance,
and capacity. The scheduler needs to take into account individual and collective
resource requirements, quality of service requirements, hardware/software/policy
constraints, affinity and anti-affinity specifications, data locality, inter-workload
interference, deadlines, and so on.`,
    sections: {
      misc: `
  config string | The path to the configuration file.
  master string | The address of the Kubernetes API server (overrides any value in kubeconfig)`,
      'leader election': leaderElection,
      deprecated: `
  kubeconfig string | DEPRECATED: path to kubeconfig file with authorization and master location information.
  scheduler-name string | DEPRECATED: name of the scheduler, used to select which pods will be processed by this scheduler. | "default-scheduler"`,
      global,
    },
  },
  kubelet: {
    about: `The kubelet is the primary "node agent" that runs on each
node. It can register the node with the apiserver using one of: the hostname; a flag to
override the hostname; or specific logic for a cloud provider.`,
    sections: {
      '': `
  bootstrap-kubeconfig string | Path to a kubeconfig file that will be used to get client certificate for kubelet.
  cgroup-driver string | Driver that the kubelet uses to manipulate cgroups on the host. | "cgroupfs"
  config string | The Kubelet will load its initial configuration from this file.
  fail-swap-on | Makes the Kubelet fail to start if swap is enabled on the node. | true
  hostname-override string | If non-empty, will use this string as identification instead of the actual hostname.
  kubeconfig string | Path to a kubeconfig file, specifying how to connect to the API server.
  max-pods int32 | Number of Pods that can run on this Kubelet. | 110
  pod-manifest-path string | Path to the directory containing static pod files to run, or the path to a single static pod file.${global}`,
    },
  },
  'kube-proxy': {
    about: `The Kubernetes network proxy runs on each node. This
reflects services as defined in the Kubernetes API on each node and can do simple
TCP, UDP, and SCTP stream forwarding or round robin TCP, UDP, and SCTP forwarding across a set of backends.`,
    sections: {
      '': `
  cluster-cidr string | The CIDR range of pods in the cluster.
  config string | The path to the configuration file.
  hostname-override string | If non-empty, will use this string as identification instead of the actual hostname.
  kubeconfig string | Path to kubeconfig file with authorization information (the master location can be overridden by the master flag).
  master string | The address of the Kubernetes API server (overrides any value in kubeconfig)
  proxy-mode ProxyMode | Which proxy mode to use: 'userspace' (older) or 'iptables' (faster) or 'ipvs' (experimental).${global}`,
    },
  },
};
