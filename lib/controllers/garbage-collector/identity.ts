// From an owner reference to the object it means, and back.
import type { KubeObject, OwnerReference } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { findOwnerResource } from './owner-state.ts';

/** Names one object of any kind. */
export interface Identity {
  kind: string;
  namespace?: string;
  name: string;
  uid: string;
}

export function identityOf({ kind, metadata }: KubeObject): Identity {
  return { kind, namespace: metadata.namespace, name: metadata.name, uid: metadata.uid };
}

/** What the reference of a dependent in `namespace` names. */
export function identify(client: Client, reference: OwnerReference, namespace: string | undefined): Identity {
  const { kind, name, uid } = reference;
  return { kind, namespace: findOwnerResource(reference, client.version)?.namespaced === false ? undefined : namespace, name, uid };
}

/** The object as our own cache shows it. */
export function seen(client: Client, { kind, namespace, name, uid }: Identity): KubeObject | undefined {
  const object = client.find(kind, { namespace, name }) as KubeObject | undefined;
  return object?.metadata.uid === uid ? object : undefined;
}

/** Is there, as far as we have seen, what the reference of a dependent in `namespace` names? */
export function isKnown(client: Client, reference: OwnerReference, namespace: string | undefined): boolean {
  if (!findOwnerResource(reference, client.version)) return false;
  return seen(client, identify(client, reference, namespace))?.apiVersion === reference.apiVersion;
}
