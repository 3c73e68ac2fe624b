// Bootstrap tokens: a Secret in kube-system lets a machine that wants to join ask for its certificate
// (plugin/pkg/auth/authenticator/token/bootstrap).
import { bootstrapTokenOf, type Secret } from '../../api/index.ts';
import type { UserInfo } from '../authentication.ts';
import type { ServerParts } from '../parts.ts';

const group = 'system:bootstrappers';
const extraGroup = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

/** Who shows `ID.SECRET`; undefined when no Secret of kube-system vouches for it. */
export function bootstrapperOfToken({ find, clock }: ServerParts, token: string): UserInfo | undefined {
  const [, id, secret] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? [];
  if (!id) return undefined;
  const found = find('Secret', { namespace: 'kube-system', name: `bootstrap-token-${id}` });
  const kept = found && !found.metadata.deletionTimestamp ? bootstrapTokenOf(found as Secret, clock.now) : undefined;
  if (!kept || kept.expired || kept.secret !== secret || kept.id !== id || !kept.authenticates) return undefined;
  if (!kept.extraGroups.every((name) => extraGroup.test(name))) return undefined;
  return { name: `system:bootstrap:${id}`, groups: [...new Set([group, ...kept.extraGroups])].sort() };
}
