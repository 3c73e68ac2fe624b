// What a kubelet says of its node: under pressure or not, ready or why not.
import type { Client } from '../client/index.ts';
import type { Runtime } from '../machine/index.ts';
import type { Clock } from '../sim/index.ts';
import type { Pressure } from './eviction/thresholds.ts';

export interface NodeHealth {
  client: Pick<Client, 'version'>;
  clock: Clock;
  runtime: Runtime;
  /** Whether the node is short of something. */
  has(pressure: Pressure): boolean;
  /** The machine is going down. */
  shuttingDown(): boolean;
}

/** So long a runtime may be silent before it counts as down. */
const runtimePatience = 30_000;

/** A condition of the node as it should be. */
export interface Verdict {
  type: string;
  status: 'True' | 'False';
  reason: string;
  message: string;
  /** Event when the status becomes this. */
  event: string;
}

export function nodeVerdicts(health: NodeHealth, starting?: 'starting'): Verdict[] {
  const { has } = health;
  return [
    has('MemoryPressure')
      ? { type: 'MemoryPressure', status: 'True', reason: 'KubeletHasInsufficientMemory', message: 'kubelet has insufficient memory available', event: 'NodeHasInsufficientMemory' }
      : { type: 'MemoryPressure', status: 'False', reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available', event: 'NodeHasSufficientMemory' },
    has('DiskPressure')
      ? { type: 'DiskPressure', status: 'True', reason: 'KubeletHasDiskPressure', message: 'kubelet has disk pressure', event: 'NodeHasDiskPressure' }
      : { type: 'DiskPressure', status: 'False', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure', event: 'NodeHasNoDiskPressure' },
    { type: 'PIDPressure', status: 'False', reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available', event: 'NodeHasSufficientPID' },
    ready(health, starting),
  ];
}

function ready({ runtime, client, clock, shuttingDown }: NodeHealth, starting?: 'starting'): Verdict {
  const notReady = (message: string): Verdict => ({ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message, event: 'NodeNotReady' });
  if (starting) return notReady('[container runtime status check may not have completed yet]');
  // Differs from Kubernetes: after three minutes it also says that the PLEG is not healthy.
  if (runtime.silentSince !== undefined && clock.now - runtime.silentSince > runtimePatience) return notReady('container runtime is down');
  if (shuttingDown()) return notReady('node is shutting down');
  const problem = runtime.networkProblem();
  const subject = client.version.has('containerd-by-default') ? 'container runtime network not ready' : 'runtime network not ready';
  if (problem) return notReady(`${subject}: NetworkReady=false reason:NetworkPluginNotReady message:${problem}`);
  const message = client.version.has('containerd-by-default') ? 'kubelet is posting ready status' : 'kubelet is posting ready status. AppArmor enabled';
  return { type: 'Ready', status: 'True', reason: 'KubeletReady', message, event: 'NodeReady' };
}
