// Versions of groups that another API server answers: its APIService says where, its discovery what there is.
import type { APIResource } from '../discovery.ts';
import type { KubeObject } from '../types.ts';
import { allVerbs, type Column, type Resource } from '../resource.ts';

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

type Cells = (string | number | boolean | null)[];

/** How the other server itself shows an object in a table, and a kind's columns as it showed them last. */
const cellsOf = new WeakMap<object, Cells>();
const columnsOf = new WeakMap<Resource, Column[]>();

export interface RemoteTable {
  metadata: object;
  columnDefinitions: Column[];
  rows: { cells: Cells; object: KubeObject }[];
}

/** The objects of a table, each of which keeps its row. */
export function objectsOf(resource: Resource, { columnDefinitions, rows: shown }: RemoteTable): KubeObject[] {
  if (shown.length > 0) columnsOf.set(resource, columnDefinitions);
  return shown.map(({ cells, object }) => (cellsOf.set(object, cells), object));
}

const usual: Column[] = [
  { name: 'Name', type: 'string', format: 'name', priority: 0 },
  { name: 'Created At', type: 'date', priority: 0 },
];

/** The row of a kind that lives elsewhere: nothing of it is in our store. */
function rowOf({ group, version }: RemoteVersion, entry: APIResource): Resource {
  let row = rows.get(entry);
  if (!row) {
    const { name, singularName, kind, namespaced, shortNames, categories, verbs = allVerbs } = entry;
    const made: Resource = {
      kind, group, plural: name, singular: singularName || kind.toLowerCase(), shortNames, categories, namespaced, versions: [{ version }], etcdPath: '', verbs: verbs as Resource['verbs'], remote: true,
      columns: () => columnsOf.get(made) ?? usual,
      cells: (object) => cellsOf.get(object) ?? [object.metadata.name, object.metadata.creationTimestamp ?? null],
    };
    rows.set(entry, (row = made));
  }
  return row;
}

/** Every kind that others serve. */
export const remoteRows = (versions: readonly RemoteVersion[]): Resource[] => versions.flatMap((one) => (one.resources ?? []).filter(({ name }) => !name.includes('/')).map((entry) => rowOf(one, entry)));

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
