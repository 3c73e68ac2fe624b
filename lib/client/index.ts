export { type ClientOptions, InProcessClient } from './client.ts';
export { ConnectionError } from './connection-error.ts';
export { Informer, Informers } from './informer.ts';
export { keyOf, keyText } from './keys.ts';
export { runController, type RunningController } from './run-controller.ts';
export type * from './types.ts';
export * from './watches.ts';
export { elect, type Elector, type LeaderElectionOptions } from './leader-election.ts';
