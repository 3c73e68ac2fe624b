// How many updaters of an object are told apart.
import { identifierOf, type Managed, type Owner } from './managed.ts';

const maxUpdateManagers = 10;

/** Only so many updaters are told apart; the oldest of a version share an entry. */
export function capped(managed: Managed): Managed {
  const text = ({ time = '' }: Owner, identifier: string) => `${time}\0${identifier}`;
  const updaters = [...managed].filter(([, { operation }]) => operation === 'Update').sort(([a, x], [b, y]) => (text(x, a) < text(y, b) ? -1 : 1));
  const first = new Map<string, string>();
  let count = updaters.length;
  for (const [identifier, owner] of updaters) {
    if (count <= maxUpdateManagers) break;
    const bucket: Owner = { ...owner, manager: 'ancient-changes', subresource: '' };
    const name = identifierOf(bucket);
    const oldest = first.get(owner.apiVersion);
    if (oldest === undefined) {
      first.set(owner.apiVersion, identifier);
      continue;
    }
    const shared = managed.get(name) ?? managed.get(oldest)!;
    if (!managed.has(name)) managed.delete(oldest);
    managed.delete(identifier);
    managed.set(name, { ...bucket, set: owner.set.union(shared.set) });
    count--;
  }
  return managed;
}
