// Tokens of the pods' service accounts (pkg/kubelet/token): asked for when somebody reads one, and again before it expires.
import type { Pod } from '../api/index.ts';
import type { Client } from '../client/index.ts';

interface Projection {
  audience?: string;
  expirationSeconds?: number;
}

interface Kept {
  token: string;
  /** When the next one is due, in milliseconds of the clock. */
  renew: number;
}

const longest = 24 * 3_600_000;

/**
 * The reader of one projected token.
 * Differs from Kubernetes: there the kubelet writes it into the volume when the pod starts and renews it by itself.
 */
export function projectedToken(client: Client, { metadata: { namespace, name, uid }, spec }: Pod, { audience, expirationSeconds = 3600 }: Projection): () => string {
  let kept: Kept | undefined;
  return () => {
    const { now } = client.clock;
    if (kept && now < kept.renew) return kept.token;
    const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name, uid };
    const request = client.createToken({ namespace, name: spec.serviceAccountName ?? 'default' }, { ...(audience && { audiences: [audience] }), expirationSeconds, boundObjectRef });
    kept = { token: request.status.token, renew: now + Math.min(longest, expirationSeconds * 800) };
    return kept.token;
  };
}

/** Files of a volume; some are made when they are read. */
export class VolumeFiles extends Map<string, string> {
  #made = new Map<string, () => string>();

  constructor(files: Iterable<readonly [string, string | (() => string)]>) {
    super();
    for (const [path, content] of files) {
      this.set(path, typeof content === 'string' ? content : '');
      if (typeof content !== 'string') this.#made.set(path, content);
    }
  }

  override get(path: string): string | undefined {
    return this.#made?.get(path)?.() ?? super.get(path);
  }
}
