// Versions of groups that another API server answers: its APIService says where, its discovery what there is.
import type { APIResource } from '../discovery.ts';
import { allVerbs, type Resource } from '../resource.ts';

export interface RemoteVersion {
  group: string;
  version: string;
  groupPriority: number;
  versionPriority: number;
  available: boolean;
  /** What its discovery said last; missing while it was never reached. */
  resources?: readonly APIResource[];
}

const rows = new WeakMap<APIResource, Resource>();

/** The row of a kind that lives elsewhere: nothing of it is in our store. */
function rowOf({ group, version }: RemoteVersion, entry: APIResource): Resource {
  let row = rows.get(entry);
  if (!row) {
    const { name, singularName, kind, namespaced, shortNames, categories } = entry;
    row = { kind, group, plural: name, singular: singularName || kind.toLowerCase(), shortNames, categories, namespaced, versions: [{ version }], etcdPath: '', verbs: allVerbs, remote: true };
    rows.set(entry, row);
  }
  return row;
}

/** The kind behind `flunders`, `flunder.wardle.example.com` or `flunders.v1alpha1.wardle.example.com`. */
export function findRemote(versions: readonly RemoteVersion[], name: string): Resource | undefined {
  const word = name.toLowerCase();
  for (const one of versions) {
    for (const entry of one.resources ?? []) {
      const names = [entry.name, entry.singularName, entry.kind, ...(entry.shortNames ?? [])].filter(Boolean);
      const all = names.flatMap((text) => [text, `${text}.${one.group}`, `${text}.${one.version}.${one.group}`]);
      if (!entry.name.includes('/') && all.some((text) => text.toLowerCase() === word)) return rowOf(one, entry);
    }
  }
  return undefined;
}
