export { KeyValue } from './key-value.ts';
export { CompactedError, type Compare, FutureRevisionError, type LogEntry, type Operation, prefixEnd, type RangeOptions, type RangeResult, Store } from './store.ts';
