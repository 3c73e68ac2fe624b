// Secrets of type bootstrap.kubernetes.io/token (cluster-bootstrap/token/api, util/secrets).
import { goTimeError } from './schema/index.ts';
import type { Secret } from './types.ts';

export const bootstrapTokenType = 'bootstrap.kubernetes.io/token';

export interface BootstrapToken {
  id: string;
  secret: string;
  /** Milliseconds until it expires, 0 when it never does. */
  remaining: number;
  expired: boolean;
  authenticates: boolean;
  signs: boolean;
  extraGroups: string[];
}

/** Undefined for a Secret of another type. A time that cannot be read counts as past. */
export function bootstrapTokenOf({ type, data = {} }: Pick<Secret, 'type' | 'data'>, now: number): BootstrapToken | undefined {
  if (type !== bootstrapTokenType) return undefined;
  const text = (key: string) => atob(data[key] ?? '');
  const [expiration, groups] = [text('expiration'), text('auth-extra-groups')];
  const readable = expiration !== '' && !goTimeError(expiration, 'seconds');
  const remaining = readable ? Math.max(0, Date.parse(expiration) - now) : 0;
  return {
    id: text('token-id'),
    secret: text('token-secret'),
    remaining,
    expired: expiration !== '' && remaining === 0,
    authenticates: text('usage-bootstrap-authentication') === 'true',
    signs: text('usage-bootstrap-signing') === 'true',
    extraGroups: groups === '' ? [] : groups.split(','),
  };
}
