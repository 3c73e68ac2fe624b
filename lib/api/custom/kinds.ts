// The custom kinds of one server. A Version object stands for one server's API: what its definitions add is kept beside it.
import { type MergeType, mergeTypeOf as builtInMergeType } from '../schema/index.ts';
import type { Resource } from '../resource.ts';
import type { Version } from '../version.ts';
import { customMergeType } from './merge-type.ts';
import { findRemote, type RemoteVersion } from './remote.ts';
import type { CustomResource } from './resource.ts';

class CustomKinds {
  /** Grows with every change of what is served. */
  changes = 0;
  readonly #version: Version;
  #rows = new Map<string, CustomResource>();
  #mergeTypes = new Map<string, MergeType>();
  #remote: readonly RemoteVersion[] = [];

  constructor(version: Version) {
    this.#version = version;
  }

  /** Rows of what is served, by group and name. */
  get rows(): readonly CustomResource[] {
    return [...this.#rows.values()].filter(({ versions }) => versions.length > 0).sort((a, b) => (`${a.group}/${a.plural}` < `${b.group}/${b.plural}` ? -1 : 1));
  }

  /** The row of a definition, whether or not it is served. */
  row(name: string): CustomResource | undefined {
    return this.#rows.get(name);
  }

  set(name: string, row: CustomResource): void {
    this.#rows.set(name, row);
    this.changed();
  }

  delete(name: string): void {
    if (this.#rows.delete(name)) this.changed();
  }

  /** What other API servers answer. */
  get remote(): readonly RemoteVersion[] {
    return this.#remote;
  }

  setRemote(versions: readonly RemoteVersion[]): void {
    this.#remote = versions;
    this.changed();
  }

  changed(): void {
    this.changes++;
    this.#mergeTypes.clear();
  }

  find(name: string): Resource | undefined {
    return this.#findRow(name) ?? (this.#remote.length > 0 ? findRemote(this.#remote, name) : undefined);
  }

  #findRow(name: string): CustomResource | undefined {
    const word = name.toLowerCase();
    const names = ({ kind, plural, singular, shortNames = [], group, versions }: Resource) =>
      [kind, plural, singular, ...shortNames].flatMap((one) => [one, `${one}.${group}`, ...versions.map(({ version }) => `${one}.${version}.${group}`)]);
    return this.#rows.size === 0 ? undefined : this.rows.find((row) => names(row).some((one) => one.toLowerCase() === word));
  }

  forPath(group: string, version: string, plural: string): CustomResource | undefined {
    return this.#rows.size === 0 ? undefined : this.rows.find((row) => row.group === group && row.plural === plural && row.versions.some((one) => one.version === version));
  }

  ofKind(apiVersion: string, kind: string): CustomResource | undefined {
    if (this.#rows.size === 0) return undefined;
    const [group, version] = apiVersion.split('/');
    return this.rows.find((row) => row.group === group && row.kind === kind && row.versions.some((one) => one.version === version));
  }

  mergeTypeOf(apiVersion: string, kind: string): MergeType | undefined {
    const row = this.ofKind(apiVersion, kind);
    if (!row) return undefined;
    const key = `${apiVersion} ${kind}`;
    let type = this.#mergeTypes.get(key);
    if (!type) {
      const ofPod = builtInMergeType('v1', 'Pod', this.#version);
      type = customMergeType(row.schemaOf(apiVersion), (ofPod?.kind === 'map' && ofPod.field('metadata')) as MergeType);
      this.#mergeTypes.set(key, type);
    }
    return type;
  }
}

const tables = new WeakMap<Version, CustomKinds>();

export function customKinds(version: Version): CustomKinds {
  let table = tables.get(version);
  if (!table) tables.set(version, (table = new CustomKinds(version)));
  return table;
}
