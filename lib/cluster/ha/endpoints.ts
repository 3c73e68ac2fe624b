// The endpoints of the Service `kubernetes`: the API servers that have said within fifteen seconds that they are there (pkg/controlplane/reconcilers, lease).
import type { Endpoints, EndpointSlice } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { Clock } from '../../sim/index.ts';
import type { Replicas } from './replicas.ts';

const [renewEvery, leaseTime] = [10_000, 15_000];
const key = { namespace: 'default', name: 'kubernetes' };

/** `clientOf`: as the API server itself writes. Differs from Kubernetes: the leases are kept in memory, not under /registry/masterleases. */
export function reconcileEndpoints({ fronts, through }: Pick<Replicas, 'fronts' | 'through'>, { clock, client }: { clock: Clock; client: Client }): void {
  const renewed = new Map(fronts.map(({ ip }) => [ip, clock.now]));
  const write = () => {
    const ips = fronts.map(({ ip }) => ip).filter((ip) => clock.now - renewed.get(ip)! < leaseTime);
    const endpoints = client.get('Endpoints', key) as Endpoints;
    const old = endpoints.subsets?.[0]?.addresses?.map(({ ip }) => ip) ?? [];
    if (ips.length === 0 || old.join() === ips.join()) return;
    client.update({ ...endpoints, subsets: [{ ...endpoints.subsets![0]!, addresses: ips.map((ip) => ({ ip })) }] });
    const slice = client.get('EndpointSlice', key) as EndpointSlice;
    client.update({ ...slice, endpoints: ips.map((ip) => ({ addresses: [ip], conditions: { ready: true } })) } as EndpointSlice);
  };
  const tick = () => {
    const alive = fronts.filter((front) => front.up() && front.etcdAnswers());
    for (const { ip } of alive) renewed.set(ip, clock.now);
    if (alive[0] && through(alive[0])) write();
    clock.after(renewEvery, tick);
  };
  write();
  clock.after(renewEvery, tick);
}
