// Serves a cluster to real clients: HTTPS, TLS, a kubeconfig, the wall clock.
import type { TokenAuthenticator } from '../apiserver/index.ts';
import type { Cluster } from '../cluster/index.ts';
import { namesOf, urlOf } from './addresses.ts';
import { createAuthority } from './certificates.ts';
import type { Context } from './context.ts';
import { type KubeconfigParts, kubeconfigOf } from './kubeconfig.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { listen } from './listener.ts';
import { createOpenapi } from './openapi/index.ts';
import { type Time, wallTime } from './time.ts';
import { upgrades } from './upgrade.ts';

export interface ServeOptions {
  /** 0 picks a free one. Default 6443. */
  port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  host?: string;
  /** How the cluster's clock moves. Default: with the wall clock. */
  time?: Time;
  limits?: Partial<Limits>;
  tokens?: readonly TokenAuthenticator[];
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

export async function serve(cluster: Cluster, { port = 6443, host = '127.0.0.1', onError = () => {}, time = wallTime(cluster, { onError }), limits, tokens = [] }: ServeOptions = {}): Promise<Serving> {
  const authority = await createAuthority();
  const certificate = await authority.server(namesOf(host));
  const context: Context = { cluster, time, tokens, limits: { ...defaultLimits, ...limits }, openapi: createOpenapi(cluster.server.version), onError };
  const listener = await listen(context, { host, port, tls: { ...certificate, authority: authority.cert }, upgrade: upgrades(context) });
  const url = urlOf(host, listener.port);
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
