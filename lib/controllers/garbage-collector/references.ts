// Takes owners out of what names them.
import type { KubeObject, OwnerReference } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { getLive } from '../shared/not-found.ts';
import type { Identity } from './identity.ts';

export function forgetOwners(client: Client, dependent: Identity, owners: readonly string[]): void {
  if (isCustom(client, dependent.kind)) return forgetByMerge(client, dependent, owners);
  const { kind, namespace, name, uid } = dependent;
  const ownerReferences = owners.map((owner) => ({ $patch: 'delete', uid: owner }));
  client.patch(kind, { namespace, name }, { metadata: { uid, ownerReferences } }, { type: 'strategic' });
}

function isCustom(client: Client, kind: string): boolean {
  const row = client.resource(kind);
  return row !== undefined && 'schemaOf' in row;
}

/** Custom resources know no strategic patch. */
function forgetByMerge(client: Client, { kind, namespace, name, uid }: Identity, owners: readonly string[]): void {
  const metadata = getLive(client, kind, { namespace, name })?.metadata;
  if (metadata?.uid !== uid) return;
  const ownerReferences = (metadata.ownerReferences ?? []).filter((reference: OwnerReference) => !owners.includes(reference.uid));
  client.patch(kind, { namespace, name }, { metadata: { resourceVersion: metadata.resourceVersion, ownerReferences } }, { type: 'merge' });
}

/** The dependent's owners go without waiting for it. */
export function stopBlocking(client: Client, { kind, metadata }: KubeObject): void {
  const ownerReferences = metadata.ownerReferences!.map((reference) => ({ ...reference, blockOwnerDeletion: false }));
  client.patch(kind, metadata, { metadata: { uid: metadata.uid, ownerReferences } }, { type: 'merge' });
}

export function blocks({ metadata }: KubeObject, owner: string): boolean {
  return metadata.ownerReferences?.some(({ uid, blockOwnerDeletion }) => uid === owner && blockOwnerDeletion) ?? false;
}
