// How a machine that joins gets to know its control plane, by a token (cmd/kubeadm/app/discovery).
import { type ConfigMap, detachedSignature, StatusError } from '../../../api/index.ts';
import { parseGoDuration, parseYaml } from '../../../kubectl/index.ts';
import { readCertificate } from '../certificates/certificate.ts';
import type { Discovery, JoinConfiguration } from '../configuration/types.ts';
import { fail, wrapped } from '../frame/errors.ts';
import { notBuilt } from '../frame/not-built.ts';
import type { KubeadmHost } from '../host.ts';
import { isPinned, pinned, publicKeyPin } from './public-keys.ts';

/** The cluster that was found, and the token to enter it with. */
export interface Discovered {
  server: string;
  /** The certificate of its authority. */
  authority: string;
  token: string;
}

const info = 'cluster-info ConfigMap';
const retryAfter = 5000;

export function* discover(host: KubeadmHost, { discovery }: JoinConfiguration): Generator<number, Discovered> {
  let cluster;
  try {
    cluster = yield* byToken(host, discovery);
  } catch (error) {
    throw wrapped(error, "couldn't validate the identity of the API Server");
  }
  const noCredentials = "couldn't find authentication credentials for the TLS boostrap process. Please use Token discovery, a discovery file with embedded authentication credentials or a discovery file without authentication credentials but with the TLSBootstrapToken flag";
  return { ...cluster, token: discovery.tlsBootstrapToken || fail(noCredentials) };
}

/** Differs from Kubernetes: the certificate that the server itself shows is not looked at, so it is asked once. */
function* byToken(host: KubeadmHost, { bootstrapToken, file, timeout = '5m0s' }: Discovery): Generator<number, Omit<Discovered, 'token'>> {
  if (file || !bootstrapToken) return notBuilt('discovery by a file');
  const [id = '', secret = ''] = bootstrapToken.token.split('.');
  const pins = pinned(bootstrapToken.caCertHashes ?? []);
  const found = yield* clusterInfo(host, { server: `https://${bootstrapToken.apiServerEndpoint}`, id, timeout: parseGoDuration(timeout) ?? 0 });
  const text = found.data?.['kubeconfig'] || fail(`there is no kubeconfig key in the ${info}. This API Server isn't set up for token bootstrapping, can't connect`);
  const signature = found.data![`jws-kubeconfig-${id}`] || fail(`token id ${JSON.stringify(id)} is invalid for this cluster or it has expired. Use "kubeadm token create" on the control-plane node to create a new valid token`);
  if (signature !== detachedSignature(text, { id, secret })) fail("failed to verify JWS signature of received cluster info object, can't trust this API Server");
  const cluster = onlyCluster(text);
  const authority = atob(cluster['certificate-authority-data'] ?? '');
  if (pins.size > 0) checkAuthority(authority, pins);
  return { server: cluster.server, authority };
}

/** Asks until there is a signature of this token. */
function* clusterInfo(host: KubeadmHost, { server, id, timeout }: { server: string; id: string; timeout: number }): Generator<number, ConfigMap> {
  const { clock } = host.machine;
  const end = clock.now + timeout;
  const interval = Math.min(retryAfter, timeout);
  while (true) {
    const answer = yield* ask(host, server);
    const signed = typeof answer !== 'string' && answer.data?.[`jws-kubeconfig-${id}`] !== undefined;
    if (signed) return answer;
    const pause = Math.round(interval * (1 + host.random.next() * 0.3));
    yield Math.max(0, Math.min(pause, end - clock.now));
    if (clock.now >= end) fail(typeof answer === 'string' ? answer : `could not find a JWS signature in the ${info} for token ID ${JSON.stringify(id)}`);
  }
}

/** The object, or why it could not be had. */
function* ask(host: KubeadmHost, server: string): Generator<number, ConfigMap | string> {
  const reached = yield* host.api({ server, user: 'system:anonymous', groups: ['system:unauthenticated'] });
  if ('error' in reached) return `Get ${JSON.stringify(`${server}/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s`)}: ${reached.error}`;
  try {
    return reached.client.get('ConfigMap', { namespace: 'kube-public', name: 'cluster-info' });
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
}

interface Cluster {
  server: string;
  'certificate-authority-data'?: string;
}

function onlyCluster(text: string): Cluster {
  const { clusters = [] } = (parseYaml(text) ?? {}) as { clusters?: { cluster: Cluster }[] };
  if (clusters.length !== 1) fail(`expected the kubeconfig file in the ${info} to have a single cluster, but it had ${clusters.length}`);
  return clusters[0]!.cluster;
}

function checkAuthority(text: string, pins: ReadonlySet<string>): void {
  const authority = readCertificate(text) ?? fail(`failed to parse cluster CA from the ${info}: data does not contain any valid RSA or ECDSA certificates`);
  if (!isPinned(authority, pins)) fail(`cluster CA found in ${info} is invalid: none of the public keys ${JSON.stringify(publicKeyPin(authority))} are pinned`);
}
