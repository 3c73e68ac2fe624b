// The contract of one row in the table of kinds. A new kind is one file under `kinds/` that exports one Resource.
import type { FieldError } from './field-error.ts';
import type { KubeObject } from './types.ts';
import type { Version } from './version.ts';
import type { CertificateAuthority } from './x509/index.ts';

/** What defaults, preparation and validation may look at beside the object. */
export interface Context {
  version: Version;
  /** RFC 3339 time of the request. */
  now: string;
  /** Namespace of the request, '' for cluster-scoped objects. */
  namespace: string;
  /** The API version of the request, `v1beta1`; undefined when it comes from inside. */
  requested?: string;
  /** Who asks, and through which subresource; only for kinds that want to know (`asksWho`). */
  user?: { name: string; groups: readonly string[]; uid?: string; extra?: Readonly<Record<string, readonly string[]>> };
  subresource?: string;
  /** Where certificates come from; only for kinds that want to know who asks. */
  authority?: CertificateAuthority;
  /** The address families that Services can have, the default one first. Missing: IPv4. */
  ipFamilies?: readonly ('IPv4' | 'IPv6')[];
  /** Looks up another stored object (a PriorityClass, a Service …). */
  find(kind: string, key: { namespace?: string; name: string }): KubeObject | undefined;
}

/** A column of a Table (meta.k8s.io/v1). `priority` 1 shows only with `-o wide`. */
export interface Column {
  name: string;
  type: 'string' | 'integer' | 'number' | 'date' | 'boolean';
  format?: '' | 'name' | 'int32' | 'int64';
  priority?: 0 | 1;
  description?: string;
}

export interface ServedVersion {
  /** `v1`, `v1beta1` … */
  version: string;
  /** Minor releases (1.x) in which it is served; open ended when missing. */
  since?: number;
  until?: number;
}

export interface Subresource {
  name: 'status' | 'scale' | 'binding' | 'eviction' | 'log' | 'exec' | 'attach' | 'portforward' | 'proxy' | 'ephemeralcontainers' | 'finalize' | 'token' | 'approval' | 'resize';
  /** Kind of the body where it is not the resource's own. */
  kind?: string;
  group?: string;
  version?: string;
  verbs: string[];
  /** Minor releases (1.x) in which it is served; open ended when missing. */
  since?: number;
  until?: number;
  /** API versions of the kind that have it; all when missing. */
  apiVersions?: string[];
}

/** How objects of a kind live. Every function gets a draft (a private, unfrozen copy) and changes it in place. */
export interface Strategy {
  /** True when the context must say who asks. */
  asksWho?: boolean;
  /** Fills in what the user left out. Must be idempotent and cheap on an object that is complete already. */
  defaults?(draft: KubeObject, context: Context): void;
  /** Before a create: drop what a client may not set (status), set generation 1 where the kind has one. */
  prepareForCreate?(draft: KubeObject, context: Context): void;
  /** Before an update: keep what a client may not change; the pipeline bumps generation when `spec` differs. */
  prepareForUpdate?(draft: KubeObject, old: KubeObject, context: Context): void;
  /** Before an update of the status subresource (by default everything but `status` is taken from `old`). */
  prepareForStatusUpdate?(draft: KubeObject, old: KubeObject, context: Context): void;
  /** What a first DELETE writes, for kinds that never go at once. */
  markDeleted?(old: KubeObject, now: string): KubeObject;
  /** Errors beside metadata, which the pipeline checks for all kinds. */
  validate?(object: KubeObject, context: Context): FieldError[];
  validateUpdate?(object: KubeObject, old: KubeObject, context: Context): FieldError[];
  validateStatusUpdate?(object: KubeObject, old: KubeObject, context: Context): FieldError[];
  /** How an object comes back from the store, where the stored form says it in another way or has defaults of its own. */
  fromStorage?(draft: KubeObject, context: Context): void;
  /** Checks `metadata.name`; returns messages. Default: a DNS subdomain. */
  validateName?(name: string): string[];
  /** False where the kind's own validation does not look at metadata: names may be any part of a path. */
  checksMetadata?: boolean;
  /** False where finalizers may have any name. */
  checksFinalizers?: boolean;
  /** Fields that a field selector may name beside metadata.name and metadata.namespace. */
  fields?(object: KubeObject): Record<string, string>;
  /** How a selector of another field is refused, where the kind has words of its own. */
  fieldRefusal?(field: string, version: Version): string | undefined;
  /** False where the kind has no metadata.generation (default: true when it has a spec). */
  generation?: boolean;
  /** May PUT create a missing object (endpoints, leases, events …)? */
  allowCreateOnUpdate?: boolean | ((version: Version) => boolean);
  /** May an update come without a resourceVersion? Default true. */
  allowUnconditionalUpdate?: boolean;
  /** True when an update is validated before it is compared with what is stored, as that of a Service once was. */
  validatesBeforeConflicts?(version: Version): boolean;
  /**
   * Every update's metadata is checked for all kinds, and again by most kinds' own validation: causes come once more for
   * each. `object` are the checks of a new object, `update` those of what may not change. Default: update.
   */
  repeatedMetadataChecks?: readonly ('object' | 'update')[];
  /** The same for updates of status. */
  repeatedStatusChecks?: readonly ('object' | 'update')[];
}

/** One row of the table of kinds. */
export interface Resource {
  kind: string;
  listKind?: string;
  group: string;
  plural: string;
  singular: string;
  shortNames?: string[];
  categories?: string[];
  namespaced: boolean;
  /** Preferred version first. */
  versions: ServedVersion[];
  /** Path below `/registry/`: `pods`, `minions`, `services/specs`. */
  etcdPath: string;
  verbs: string[];
  subresources?: Subresource[];
  /** The API version in which objects lie in etcd, where it is not the preferred one of the release. */
  storedAs?: string;
  /** How a refusal names the kind, where that is not its own name: kinds that two groups share have one. */
  invalidAs?(version: Version): { kind: string; group: string; plural: string };
  /** The object in another API version of the kind, where more than `apiVersion` differs. Shares what it can with the original. */
  convert?(object: KubeObject, apiVersion: string): KubeObject;
  strategy?: Strategy;
  /** Strategies of subresources through which the object is updated with rules of its own. */
  subresourceStrategies?: Partial<Record<Subresource['name'], Strategy>>;
  columns?: Column[] | ((version: Version) => Column[]);
  /** Cells of one row, in the order of `columns`. `now` is milliseconds. */
  cells?(object: KubeObject, now: number, version: Version): (string | number | boolean | null)[];
  /** Columns and cells in one API version, where they differ from version to version. */
  printedIn?(apiVersion: string): Pick<Resource, 'columns' | 'cells'>;
  /** True for rows that exist only in discovery so far: requests for them are answered with 404. */
  discoveryOnly?: boolean;
  /** True for kinds that another API server answers (APIService): nothing of them is stored here. */
  remote?: boolean;
  /** True for questions that the server answers on the spot: nothing is stored. */
  transient?: boolean;
}

export const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** True where another group serves the same objects, and they are stored as its own. */
export const sharesObjects = ({ group, storedAs, ...row }: Resource) => storedAs !== undefined && !('schemaOf' in row) && !storedAs.startsWith(group || 'v');
