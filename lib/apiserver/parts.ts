// What the parts of the API server share.
import type { CertificateAuthority, KubeObject, Resource, Version } from '../api/index.ts';
import type { Random } from '../sim/index.ts';
import type { ApiRequest } from './request.ts';
import type { CallWebhook } from './admission/webhooks.ts';
import type { Authorizer } from './authorization/index.ts';
import type { Storage } from './storage.ts';

export interface ServerParts {
  /** The address families that Services can have, the default one first. */
  ipFamilies: readonly ('IPv4' | 'IPv6')[];
  storage: Storage;
  version: Version;
  /** Reaches admission webhooks; missing while nobody has said how. */
  readonly callWebhook: CallWebhook;
  /** A request of the API server to itself. */
  loopback(request: ApiRequest): unknown;
  /** Signs certificates, and knows who has the key of a request. */
  readonly certificates: CertificateAuthority;
  /** Who may do what; made after the parts. */
  authorizer(): Authorizer;
  random: Random;
  clock: { readonly now: number; timestamp(): string };
  find(kind: string, key: { namespace?: string; name: string }): KubeObject | undefined;
  resourceOf(kind: string): Resource;
  /** The apiVersion in which objects of this resource are stored and answered by default. */
  storedVersion(resource: Resource): string;
  /** An etcd lease for short-lived objects (events live one hour), 0 for all others. */
  leaseFor(resource: Resource): number;
  /** Whether objects of this resource are given something that others must not have. */
  allocates(resource: Resource): boolean;
  /** Gives a Service its addresses and ports around a write; gives them back when the write fails. */
  allocate<T>(resource: Resource, object: KubeObject, options: { old?: KubeObject; dryRun?: boolean; write: () => T }): T;
  /** Something was removed from the store: whatever it had been given is free again. */
  released(resource: Resource, object: KubeObject): void;
}
