// Tokens of the pods' service accounts (pkg/kubelet/token): asked for when somebody reads one.
import type { Pod } from '../api/index.ts';
import type { Client } from '../client/index.ts';

interface Projection {
  audience?: string;
  expirationSeconds?: number;
}

/** The reader of one projected token. */
export function projectedToken(_: Client, { metadata: { namespace }, spec }: Pod, __: Projection): () => string {
  return () => `token of ${namespace}/${spec.serviceAccountName ?? 'default'}`;
}
