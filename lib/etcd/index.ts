export { type Certificate, certificateText, etcdctl, type EtcdctlOptions, type EtcdGroup, type EtcdMember, keyText, readCertificate } from './etcdctl/index.ts';
export { KeyValue } from './key-value.ts';
export type { Lease } from './leases.ts';
export { electionTimeout, quorum, type RaftChange, RaftGroup, type RaftMember, type RaftOptions, ReconfigurationError } from './raft/index.ts';
export type { Snapshot } from './snapshot.ts';
export { CompactedError, type Compare, FutureRevisionError, type LogEntry, type Operation, prefixEnd, type RangeOptions, type RangeResult, Store } from './store.ts';
