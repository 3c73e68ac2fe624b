// Serves a cluster to real clients: HTTPS, TLS, a kubeconfig, the wall clock.
import { describeBy, type TokenAuthenticator } from '../apiserver/index.ts';
import type { Cluster } from '../cluster/index.ts';
import { namesOf, urlOf } from './addresses.ts';
import { authorityOf } from './authority.ts';
import { createAuthority } from './certificates.ts';
import type { Context } from './context.ts';
import type { Keeper } from './keep/keeper.ts';
import { createKeys, type ServerKeys, tokenSignerOf } from './keys.ts';
import { type KubeconfigParts, kubeconfigOf } from './kubeconfig.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { listen } from './listener.ts';
import { publishedTypes } from './published-types.ts';
import { type Time, wallTime } from './time.ts';
import { upgrades } from './upgrade.ts';

describeBy(publishedTypes);

export interface ServeOptions {
  /** 0 picks a free one. Default 6443. */
  port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  host?: string;
  /** How the cluster's clock moves. Default: with the wall clock. */
  time?: Time;
  limits?: Partial<Limits>;
  /** Other bearer tokens than those of the cluster itself. */
  tokens?: readonly TokenAuthenticator[];
  /** Attached to the cluster: answers wait until what they show is kept. Default: nothing is kept. */
  keeper?: Keeper;
  /** Default: new ones. */
  keys?: ServerKeys;
  /** Answers paths under /kubook to the administrator. */
  own?(url: URL): Promise<unknown>;
  /** Told of errors inside, and of what components throw. */
  onError?(error: unknown): void;
}

/** A cluster that is being served. */
export interface Serving {
  /** `https://127.0.0.1:6443` */
  readonly url: string;
  readonly port: number;
  /** Certificate of the authority, PEM. */
  readonly authority: string;
  /** What a kubeconfig of the administrator needs. */
  readonly admin: KubeconfigParts;
  readonly kubeconfig: string;
  /** Another client's way in: user and groups as a certificate. */
  kubeconfigFor(user: string, groups?: readonly string[]): Promise<KubeconfigParts>;
  close(): Promise<void>;
}

export async function serve(cluster: Cluster, { port = 6443, host = '127.0.0.1', onError = () => {}, time = wallTime(cluster, { onError }), limits, tokens = [], keys, keeper, own }: ServeOptions = {}): Promise<Serving> {
  const { authority: ca, serviceAccounts } = keys ?? (await createKeys());
  const authority = await createAuthority(ca);
  const certificate = await authority.server(namesOf(host));
  const context: Context = { cluster, time, keeper, limits: { ...defaultLimits, ...limits }, onError, own };
  if (keeper) time.onMove(() => keeper.take());
  const { tokens: known } = cluster.server;
  // Nobody outside may guess the key: that of the seed ends before anybody can come in.
  known.signer = tokenSignerOf({ serviceAccounts });
  cluster.server.certificates = authorityOf(ca);
  known.others.push(...tokens);
  const listener = await listen(context, { host, port, tls: { ...certificate, authority: authority.cert }, upgrade: upgrades(context) });
  const url = urlOf(host, listener.port);
  known.address = url;
  const partsFor = async (user: string, groups?: readonly string[]) => ({ server: url, authority: authority.cert, client: await authority.client(user, groups) });
  const admin = await partsFor('kubernetes-admin', ['system:masters']);
  return {
    url,
    port: listener.port,
    authority: authority.cert,
    admin,
    kubeconfig: kubeconfigOf(admin),
    kubeconfigFor: partsFor,
    async close() {
      time.stop();
      await listener.close();
    },
  };
}
