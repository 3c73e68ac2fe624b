export { type Certificate, certificateText, etcdctl, type EtcdctlOptions, type EtcdMember, keyText, readCertificate } from './etcdctl/index.ts';
export { KeyValue } from './key-value.ts';
export type { Lease } from './leases.ts';
export type { Snapshot } from './snapshot.ts';
export { CompactedError, type Compare, FutureRevisionError, type LogEntry, type Operation, prefixEnd, type RangeOptions, type RangeResult, Store } from './store.ts';
