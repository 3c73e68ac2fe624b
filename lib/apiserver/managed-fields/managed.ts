// Who owns which fields: metadata.managedFields in the form that one reckons with.
import { type FieldsV1, FieldSet } from './field-set.ts';

/** An entry of metadata.managedFields. */
export interface ManagedFieldsEntry {
  manager?: string;
  operation?: 'Apply' | 'Update';
  apiVersion?: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: FieldsV1;
  subresource?: string;
}

export interface Owner {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource: string;
  time?: string;
  set: FieldSet;
}

/** Owners by identifier: one manager has an entry for what it applied, and one for each version it updated with. */
export type Managed = Map<string, Owner>;

export function identifierOf({ manager, operation, apiVersion, subresource }: Pick<Owner, 'manager' | 'operation' | 'apiVersion' | 'subresource'>): string {
  return JSON.stringify({ manager, operation, ...(operation === 'Update' && { apiVersion }), ...(subresource && { subresource }) });
}

/** Undefined when an entry cannot be read, as clients may write anything. */
export function decodeManaged(entries: readonly ManagedFieldsEntry[] = []): Managed | undefined {
  const managed: Managed = new Map();
  for (const { manager = '', operation = 'Update', apiVersion = '', time, fieldsType, fieldsV1 = {}, subresource = '' } of entries) {
    if (fieldsType !== 'FieldsV1') return undefined;
    const owner: Owner = { manager, operation, apiVersion, subresource, time, set: FieldSet.parse(fieldsV1) };
    managed.set(identifierOf(owner), owner);
  }
  return managed;
}

/** Applied before updated, older before newer, then by name. */
export function encodeManaged(managed: Managed): ManagedFieldsEntry[] | undefined {
  if (managed.size === 0) return undefined;
  const text = ({ operation, time = '', manager, apiVersion, subresource }: Owner) => [operation, time, manager, apiVersion, subresource].join('\0');
  const owners = [...managed.values()].sort((a, b) => (text(a) < text(b) ? -1 : 1));
  return owners.map(({ manager, operation, apiVersion, time, set, subresource }) => ({
    manager,
    operation,
    apiVersion,
    ...(time && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: set.toFieldsV1(),
    ...(subresource && { subresource }),
  }));
}

/** A client's way to say that nobody shall own anything: an empty list, or one of one empty entry. */
export function isReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  return entries !== undefined && (entries.length === 0 || (entries.length === 1 && Object.keys(entries[0]!).length === 0));
}
