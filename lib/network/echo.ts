// What comes back of an echo request, told by the way that it took. The reply takes the same way back.
import type { Echo } from '../machine/index.ts';
import type { Journey, Stage } from './travel.ts';
import type { PodNetwork } from './plugins/pod-network.ts';

/** What a sender allows a packet: Linux begins with so many hops. */
const timeToLive = 64;

/** `answers`: somebody is there, and has power. */
export function echoOf({ stages, arrived, error }: Journey, { pods, answers }: { pods: PodNetwork; answers: boolean }): Echo {
  const last = stages.at(-1);
  if (error || !arrived || !answers) return { error: error ?? 'timeout', ...(error === 'refused' && last && { by: rejecter(last) }) };
  const cables = stages.reduce((sum, { way }) => sum + (way?.kind === 'node' ? 1 + (way.over?.length ?? 0) : 0), 0);
  return { ttl: timeToLive - stages.filter((stage) => routes(stage, pods)).length, cables };
}

/** True where a host passes a packet on that is not its own; what a bridge does is none of IP's business. */
function routes({ origin, way }: Stage, { profile }: PodNetwork): boolean {
  if (origin === 'host' || !way) return false;
  if (!profile.bridge) return true;
  if (profile.addresses === 'ring') return way.kind === 'node' && way.interface === 'eth0';
  return !(origin === 'pod' && way.kind === 'pod');
}

/** A host that says no on its own behalf does so by the address that was asked for. */
const rejecter = ({ host, passage, left }: Stage) => (/input$/i.test(passage?.hops.at(-1)?.hook ?? '') ? left.dst : host.ip);
