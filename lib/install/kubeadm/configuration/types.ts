// The configuration that all commands work on, with the field names of kubeadm.k8s.io/v1beta2.
export interface BootstrapTokenSpec {
  token?: string;
  description?: string;
  /** A Go duration; `0s` never expires. */
  ttl?: string;
  expires?: string;
  usages?: string[];
  groups?: string[];
}

export interface TaintSpec {
  key: string;
  value?: string;
  effect: string;
}

export interface NodeRegistration {
  name?: string;
  criSocket?: string;
  /** null: none were named. */
  taints?: TaintSpec[] | null;
  kubeletExtraArgs?: Record<string, string>;
  ignorePreflightErrors?: string[];
}

export interface APIEndpoint {
  advertiseAddress?: string;
  bindPort?: number;
}

export interface HostPathMount {
  name: string;
  hostPath: string;
  mountPath: string;
  readOnly?: boolean;
  pathType?: string;
}

export interface ControlPlaneComponent {
  extraArgs?: Record<string, string>;
  extraVolumes?: HostPathMount[];
}

export interface LocalEtcd {
  imageRepository?: string;
  imageTag?: string;
  dataDir: string;
  extraArgs?: Record<string, string>;
  serverCertSANs?: string[];
  peerCertSANs?: string[];
}

export interface ExternalEtcd {
  endpoints: string[];
  caFile: string;
  certFile: string;
  keyFile: string;
}

export interface ClusterConfiguration {
  etcd: { local?: LocalEtcd; external?: ExternalEtcd };
  networking: { serviceSubnet?: string; podSubnet?: string; dnsDomain?: string };
  kubernetesVersion?: string;
  controlPlaneEndpoint?: string;
  apiServer: ControlPlaneComponent & { certSANs?: string[]; timeoutForControlPlane?: string };
  controllerManager: ControlPlaneComponent;
  scheduler: ControlPlaneComponent;
  dns: { type: string; imageRepository?: string; imageTag?: string };
  certificatesDir?: string;
  imageRepository?: string;
  useHyperKubeImage?: boolean;
  featureGates?: Record<string, boolean>;
  clusterName?: string;
}

/** Configuration of another component: what was given, and what kubeadm sets. */
export type ComponentConfig = Record<string, unknown>;

export interface InitConfiguration {
  bootstrapTokens: BootstrapTokenSpec[];
  nodeRegistration: NodeRegistration;
  localAPIEndpoint: APIEndpoint;
  certificateKey?: string;
  cluster: ClusterConfiguration;
  kubelet: ComponentConfig;
  kubeProxy: ComponentConfig;
}

export interface Discovery {
  bootstrapToken?: { token: string; apiServerEndpoint?: string; caCertHashes?: string[]; unsafeSkipCAVerification?: boolean };
  file?: { kubeConfigPath: string };
  tlsBootstrapToken?: string;
  timeout?: string;
}

export interface JoinConfiguration {
  nodeRegistration: NodeRegistration;
  caCertPath?: string;
  discovery: Discovery;
  controlPlane?: { localAPIEndpoint: APIEndpoint; certificateKey?: string };
}
