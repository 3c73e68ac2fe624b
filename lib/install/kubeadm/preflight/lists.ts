// Which checks there are: before `kubeadm init`, before `kubeadm join`, before another control plane.
import { parseIP } from '../../../api/index.ts';
import { splitHostPort } from '../configuration/endpoint.ts';
import { controlPlaneImages } from '../configuration/images.ts';
import type { ExternalEtcd, InitConfiguration, JoinConfiguration, NodeRegistration } from '../configuration/types.ts';
import type { Steps } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import { notBuilt } from '../frame/not-built.ts';
import { criRuntime } from '../cri.ts';
import { type KubeadmHost, log } from '../host.ts';
import { paths, ports } from '../release.ts';
import { containerRuntime } from '../runtime.ts';
import { type Check, fatal, type Ignored, runChecks } from './check.ts';
import { dirAvailable, fileAvailable, fileContent, fileExisting, hostname, inPath, memory, numCPU, portOpen, privilegedUser, swap, swapWarning } from './machine-checks.ts';
import { httpProxy, httpProxyCIDR } from './proxy-checks.ts';
import { dockerSystemd, firewalld, imagePull, kubelet, kubernetesVersion, runtimeRunning, service } from './service-checks.ts';
import { systemVerification } from './system-verification.ts';

const needed = { cpus: 2, memory: 1700 };
const bridge = (family: '' | '6') => `/proc/sys/net/bridge/bridge-nf-call-ip${family}tables`;
const ipv6Checks = [fileContent(bridge('6'), '1'), fileContent('/proc/sys/net/ipv6/conf/default/forwarding', '1')];
const mandatory = ['conntrack', 'ip', 'iptables', 'mount', 'nsenter'];
const useful = ['ebtables', 'ethtool', 'socat', 'tc', 'touch'];

export const rootCheck = (host: KubeadmHost, ignored: Ignored): Steps => runChecks(host, [privilegedUser], ignored);

const runtimeAt = (host: KubeadmHost, socket: string) => (host.release.version.has('kubeadm-speaks-cri') ? criRuntime(host, socket) : containerRuntime(host, socket));

function withoutRuntime(host: KubeadmHost, why: string): void {
  const said = `[preflight] WARNING: Couldn't create the interface used for talking to the container runtime: ${why}`;
  if (host.release.version.has('kubeadm-speaks-cri')) log(host, 'checks.go:1065', said);
  else host.out(`${said}\n`);
}

/** What init and join have in common. */
function commonChecks(host: KubeadmHost, { criSocket = '', name = '' }: NodeRegistration, controlPlane: string | undefined): Check[] {
  const { version } = host.release;
  const runtime = runtimeAt(host, criSocket);
  const isDocker = !('error' in runtime) && runtime.isDocker;
  if ('error' in runtime) withoutRuntime(host, runtime.error);
  return [
    ...('error' in runtime ? [] : [runtimeRunning(runtime)]),
    ...(isDocker ? [service('docker', { active: true }), dockerSystemd] : version.has('kubeadm-without-crictl') ? [] : [inPath('crictl', { mandatory: !version.has('kubeadm-speaks-cri') })]),
    ...(version.has('kubeadm-no-bridge-check') ? [] : [fileContent(bridge(''), '1')]),
    fileContent('/proc/sys/net/ipv4/ip_forward', '1'),
    version.has('kubeadm-swap-warns') ? swapWarning : swap,
    ...mandatory.filter((program) => program !== 'conntrack' || !version.has('kubeadm-without-conntrack')).map((program) => inPath(program, { mandatory: true })),
    ...useful.map((program) => inPath(program, { mandatory: false })),
    systemVerification({ docker: isDocker }),
    hostname(name),
    kubelet(controlPlane),
    service('kubelet', { active: false }),
    portOpen(ports.kubelet),
  ];
}

/** `another`: beside a control plane that is there already, after the checks of a join. `downloadCerts`: its certificates are fetched. */
export function* initChecks(host: KubeadmHost, init: InitConfiguration, { ignored, another = false, downloadCerts = false }: { ignored: Ignored; another?: boolean; downloadCerts?: boolean }): Steps {
  if (!another) yield* rootCheck(host, ignored);
  const { cluster, localAPIEndpoint, nodeRegistration } = init;
  const { bindPort = ports.apiserver, advertiseAddress = '' } = localAPIEndpoint;
  const { local, external } = cluster.etcd;
  const cidrs = [cluster.networking.serviceSubnet, cluster.networking.podSubnet].flatMap((subnet = '') => subnet.split(','));
  yield* runChecks(
    host,
    [
      numCPU(needed.cpus),
      memory(needed.memory),
      kubernetesVersion(cluster.kubernetesVersion!),
      firewalld([bindPort, ports.kubelet]),
      ...[bindPort, ports.scheduler, ports.controllerManager].map(portOpen),
      ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'].map((name) => fileAvailable(`${paths.manifests}/${name}.yaml`)),
      httpProxy(advertiseAddress),
      ...cidrs.map(httpProxyCIDR),
      ...(another ? [] : commonChecks(host, nodeRegistration, cluster.kubernetesVersion)),
      ...(!another && parseIP(advertiseAddress) === 6 ? ipv6Checks : []),
      ...(!another && external ? [externalEtcdVersion] : []),
      ...(local ? [portOpen(ports.etcdClient), portOpen(ports.etcdPeer), dirAvailable(local.dataDir)] : []),
      ...(external && !(another && downloadCerts) ? etcdCertificates(external) : []),
    ],
    ignored,
  );
}

const etcdCertificates = ({ caFile, certFile, keyFile }: ExternalEtcd) => [caFile, certFile, keyFile].filter(Boolean).map((path) => fileExisting(path, 'ExternalEtcdClientCertificates'));

const externalEtcdVersion: Check = { name: 'ExternalEtcdVersion', look: () => notBuilt('external etcd') };

export function* joinChecks(host: KubeadmHost, { nodeRegistration, controlPlane, caCertPath, discovery: { bootstrapToken } }: JoinConfiguration, ignored: Ignored): Steps {
  yield* rootCheck(host, ignored);
  const endpoint = bootstrapToken && splitHostPort(bootstrapToken.apiServerEndpoint ?? '');
  const address = endpoint && !('error' in endpoint) ? endpoint.host : undefined;
  yield* runChecks(
    host,
    [
      dirAvailable(paths.manifests),
      fileAvailable(`${paths.kubernetes}/kubelet.conf`),
      fileAvailable(`${paths.kubernetes}/bootstrap-kubelet.conf`),
      ...commonChecks(host, nodeRegistration, undefined),
      ...(controlPlane ? [] : [fileAvailable(caCertPath!)]),
      ...(address !== undefined ? [httpProxy(address)] : []),
      ...(address !== undefined && parseIP(address) === 6 ? ipv6Checks : []),
    ],
    ignored,
  );
}

export function* pullImages(host: KubeadmHost, { nodeRegistration, cluster }: InitConfiguration, ignored: Ignored): Steps {
  host.out('[preflight] Pulling images required for setting up a Kubernetes cluster\n');
  host.out('[preflight] This might take a minute or two, depending on the speed of your internet connection\n');
  const today = host.release.version.has('kubeadm-speaks-cri');
  host.out(`[preflight] You can also perform this action ${today ? '' : 'in '}beforehand using 'kubeadm config images pull'\n`);
  const runtime = runtimeAt(host, nodeRegistration.criSocket!);
  if ('error' in runtime) return void (today ? fatal(runtime.error) : fail(runtime.error));
  yield* runChecks(host, [imagePull(runtime, controlPlaneImages(host, cluster))], ignored);
}
