export { CompactedError, type Compare, FutureRevisionError, type KeyValue, type LogEntry, type Operation, prefixEnd, type RangeOptions, type RangeResult, Store } from './store.ts';
