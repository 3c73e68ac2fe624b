export { createCluster } from '../cluster/index.ts';
export { type ServeOptions, type Serving, serve } from './serve.ts';
export { type CommandOptions, serveCommand } from './command.ts';
export { createKeys, type ServerKeys, tokenSignerOf } from './keys.ts';
export { KubeconfigError, kubeconfigOf, type KubeconfigParts, writeKubeconfig } from './kubeconfig.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { manualTime, type Time, wallTime } from './time.ts';
