export { IndexedCache, keyText } from './cache.ts';
export { type ClientOptions, InProcessClient } from './client.ts';
export { ConnectionError } from './connection-error.ts';
export { Informer, Informers } from './informer.ts';
export { runController, type RunningController } from './run-controller.ts';
export type * from './types.ts';
export * from './watches.ts';
export { WorkQueue } from './work-queue.ts';
