// Defaults that depend on the machine (cmd/kubeadm/app/util/config): its name, its address, its container runtime.
import { parseAddress, parseIP } from '../../../api/index.ts';
import type { Steps } from '../frame/command.ts';
import { fail, failWith } from '../frame/errors.ts';
import type { KubeadmHost } from '../host.ts';
import { detectSocket } from './cri-socket.ts';
import { kubeletDefaults, kubeProxyDefaults } from './components.ts';
import { parseHostPort } from './endpoint.ts';
import { normalizeKubernetesVersion } from './kubernetes-version.ts';
import { tokenDefaults } from './static-defaults.ts';
import type { APIEndpoint, ClusterConfiguration, InitConfiguration, JoinConfiguration, NodeRegistration } from './types.ts';
import { validateInit, validateJoin } from './validate.ts';
import { hostPort } from '../../../machine/index.ts';

/** 6 and 16 characters of a-z0-9. */
export function generateToken({ random }: KubeadmHost): string {
  const characters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const some = (length: number) => Array.from({ length }, () => characters[random.int(characters.length)]).join('');
  return `${some(6)}.${some(16)}`;
}

/** 32 bytes in hexadecimal. */
export const newCertificateKey = ({ random }: KubeadmHost): string => Array.from({ length: 64 }, () => random.int(16).toString(16)).join('');

export function hostName(host: KubeadmHost, given?: string): string {
  const name = (given || host.machine.hostname).trim();
  return name ? name.toLowerCase() : fail('empty hostname is invalid');
}

export const detectCRISocket = ({ files, release }: KubeadmHost): string => detectSocket((path) => files.find(path)?.kind === 'socket', release.version);

function nodeDefaults(host: KubeadmHost, node: NodeRegistration, controlPlane: boolean): NodeRegistration {
  const taints = node.taints ?? (controlPlane ? [{ key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }] : null);
  return { ...node, name: hostName(host, node.name), taints, criSocket: node.criSocket || detectCRISocket(host) };
}

/** Differs from Kubernetes: a machine has one interface beside lo, and its address is the one of the default route. */
function endpointDefaults({ machine }: KubeadmHost, endpoint: APIEndpoint): APIEndpoint {
  const { advertiseAddress = '' } = endpoint;
  if (advertiseAddress && !parseIP(advertiseAddress)) fail(`couldn't use "${advertiseAddress}" as "apiserver-advertise-address", must be ipv4 or ipv6 address`);
  if (/^127\./.test(advertiseAddress) || advertiseAddress === '::1') fail('unable to select an IP from lo network interface');
  const unspecified = advertiseAddress === '' || parseAddress(advertiseAddress)?.value === 0n;
  return { ...endpoint, advertiseAddress: unspecified ? machine.ip : advertiseAddress };
}

function* clusterDefaults(host: KubeadmHost, cluster: ClusterConfiguration, { bindPort }: APIEndpoint): Steps<ClusterConfiguration> {
  const kubernetesVersion = yield* normalizeKubernetesVersion(host, cluster.kubernetesVersion!);
  const out = { ...cluster, kubernetesVersion };
  if (out.controlPlaneEndpoint) {
    const { host: name, port } = parseHostPort(out.controlPlaneEndpoint);
    if (!port) out.controlPlaneEndpoint = hostPort(name, bindPort!);
  }
  const { certSANs } = out.apiServer;
  if (certSANs) out.apiServer = { ...out.apiServer, certSANs: certSANs.map((name) => name.toLowerCase()) };
  return out;
}

/** What `kubeadm init` works on: defaults filled in, and checked. */
export function* completeInit(host: KubeadmHost, given: InitConfiguration): Steps<InitConfiguration> {
  const init = {
    ...given,
    bootstrapTokens: given.bootstrapTokens.map((token) => ({ ...tokenDefaults(token), token: token.token || generateToken(host) })),
    nodeRegistration: nodeDefaults(host, given.nodeRegistration, true),
    localAPIEndpoint: endpointDefaults(host, given.localAPIEndpoint),
  };
  init.kubelet = yield* kubeletDefaults(host, init);
  init.kubeProxy = kubeProxyDefaults(host, init);
  init.cluster = yield* clusterDefaults(host, init.cluster, init.localAPIEndpoint);
  failWith(validateInit(init));
  return init;
}

export function completeJoin(host: KubeadmHost, given: JoinConfiguration): JoinConfiguration {
  const { controlPlane } = given;
  const join = {
    ...given,
    nodeRegistration: nodeDefaults(host, given.nodeRegistration, controlPlane !== undefined),
    ...(controlPlane && { controlPlane: { ...controlPlane, localAPIEndpoint: endpointDefaults(host, controlPlane.localAPIEndpoint) } }),
  };
  failWith(validateJoin(join, (path) => host.files.find(path) !== undefined));
  return join;
}

/** An address that an API server can listen on. */
export function verifyBindAddress(address: string): void {
  const ip = parseAddress(address);
  if (!ip) return void fail(`cannot parse IP address: ${address}`);
  const multicast = ip.family === 4 ? ip.value >> 28n === 14n : ip.value >> 120n === 0xffn;
  const linkLocal = ip.family === 4 ? ip.value >> 16n === 0xa9fen : ip.value >> 118n === 0x3fan;
  const broadcast = ip.family === 4 && ip.value === 0xffffffffn;
  if (ip.value === 0n || multicast || linkLocal || broadcast) fail(`cannot use ${JSON.stringify(address)} as the bind address for the API Server`);
}
