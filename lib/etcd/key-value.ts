/**
 * A stored key. `value` is a frozen API object (etcd itself holds bytes). Revisions are etcd's. The key is kept in two
 * parts, since thousands share the first: `/registry/pods/default/` and `web`.
 */
export class KeyValue {
  readonly directory: string;
  readonly name: string;
  readonly value: unknown;
  readonly createRevision: number;
  readonly modRevision: number;
  /** 1 after the first put, raised by each put, back to 1 when a deleted key is put again. */
  readonly version: number;
  readonly lease: number;

  constructor(directory: string, name: string, value: unknown, createRevision: number, modRevision: number, version: number, lease: number) {
    this.directory = directory;
    this.name = name;
    this.value = value;
    this.createRevision = createRevision;
    this.modRevision = modRevision;
    this.version = version;
    this.lease = lease;
  }

  /** From a whole key. */
  static at(key: string, value: unknown, { createRevision, modRevision, version, lease }: Pick<KeyValue, 'createRevision' | 'modRevision' | 'version' | 'lease'>): KeyValue {
    const end = key.lastIndexOf('/') + 1;
    return new KeyValue(key.slice(0, end), key.slice(end), value, createRevision, modRevision, version, lease);
  }

  get key(): string {
    return this.directory + this.name;
  }
}
