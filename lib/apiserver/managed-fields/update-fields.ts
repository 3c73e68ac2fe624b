// Managed fields after an update, which says what the whole object shall be.
import { complete, type KubeObject } from '../../api/index.ts';
import { capped } from './cap-managers.ts';
import { emptyObject } from './empty-object.ts';
import { decodeManaged, encodeManaged, identifierOf, isReset, type Managed } from './managed.ts';
import { checkType, TypeMismatch } from './typed-value.ts';
import { updateOwners } from './updater.ts';
import { bare, type Entries, unowned, type WriteContext, writeOf } from './write-context.ts';

/** The managed fields of `next` after an update that found `live` with `entries`; an object without any is not tracked. */
export function updatedFields(live: KubeObject | undefined, next: KubeObject, { entries, context }: { entries: Entries; context: WriteContext }): Entries {
  const before = decodeManaged(entries) ?? new Map();
  if (live && before.size === 0) return undefined;
  try {
    return encodeManaged(capped(update(live, next, before, context)));
  } catch (error) {
    // An object that is not of its type keeps no managed fields; the write itself goes on.
    if (error instanceof TypeMismatch) return undefined;
    throw error;
  }
}

/** What the client says of managed fields counts, unless it is missing or cannot be read. */
export function statedFields(stated: Entries, live: Entries): Entries {
  if (isReset(stated)) return undefined;
  return stated && decodeManaged(stated)?.size ? stated : live;
}

export function update(live: KubeObject | undefined, next: KubeObject, managed: Managed, context: WriteContext): Managed {
  const by = { manager: context.manager || 'unknown', operation: 'Update', apiVersion: context.apiVersion, subresource: context.subresource } as const;
  const identifier = identifierOf(by);
  const former = managed.get(identifier);
  const write = writeOf(live ?? emptyObject(by.apiVersion, context.kind), by, context);
  const type = write.typeOf(by.apiVersion);
  if (!type) return managed;
  const checks = { duplicates: context.version.has('apply-live-duplicates') };
  // Whoever writes an object owns what Go prints of it even when nobody set it.
  const printed = complete(by.apiVersion, context.kind, bare(next, context));
  for (const value of [printed, write.live]) checkType(type, value, checks);
  const self = { ...by, manager: currentOperation };
  const owners = updateOwners(managed, printed, { ...write, by: self });
  const own = owners.get(identifierOf(self));
  owners.delete(identifierOf(self));
  const taken = own?.set.difference(unowned);
  if (!taken || taken.empty) return owners;
  const set = owners.get(identifier)?.set.union(taken) ?? taken;
  owners.set(identifier, { ...by, set, time: former?.set.equals(set) ? former.time : context.now });
  return owners;
}

/** Takes the part of the writer, so that what it owned before is treated as anybody else's. */
const currentOperation = 'current-operation';
