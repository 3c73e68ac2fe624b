// A way to the pods of each node, in the cloud's own network (cloud-provider/controllers/route).
import type { Node } from '../../api/index.ts';
import type { Client, Controller, Key } from '../../client/index.ts';
import { forMapped } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';
import type { Route, Routes } from './provider.ts';
import { contains, parseRange } from './ranges.ts';

export interface RouteOptions {
  routes: Routes;
  /** Range of all pods: routes outside of it are somebody else's. */
  clusterCIDR: string;
  /** Milliseconds between two looks. */
  routeReconciliationPeriod?: number;
}

const everyRoute: Key = { name: ':routes' };

export function routeController(client: Client, { routes, clusterCIDR, routeReconciliationPeriod = 10_000 }: RouteOptions): Controller {
  // Looks come on a beat of their own: of a node that joins later it hears at the next one.
  let nextLook = client.clock.now + (client.cache('Node').size > 0 ? 0 : routeReconciliationPeriod);
  return {
    name: 'route',
    watches: [forMapped('Node', ({ type }) => (type === 'ADDED' ? [everyRoute] : []))],
    reconcile() {
      const { now } = client.clock;
      if (now >= nextLook) {
        nextLook = now + routeReconciliationPeriod;
        sync([...client.cache('Node')], routes.listRoutes());
      }
      return { requeueAfter: nextLook - now };
    },
  };

  function sync(nodes: readonly Node[], present: readonly Route[]): void {
    const wanted = nodes.filter(({ spec }) => spec.podCIDRs?.length).map((node) => ({ node, created: node.spec.podCIDRs!.map((cidr: string) => ensure(node, cidr, present)) }));
    const isWanted = ({ targetNode, destinationCIDR }: Route) => wanted.some(({ node }) => node.metadata.name === targetNode && node.spec.podCIDRs!.includes(destinationCIDR));
    for (const route of present) if (contains(parseRange(clusterCIDR), route.destinationCIDR) && !isWanted(route)) routes.deleteRoute(route);
    for (const node of nodes) tell(node, wanted.find((one) => one.node === node)?.created.every(Boolean) ?? false);
  }

  /** True when the route is there. */
  function ensure(node: Node, destinationCIDR: string, present: readonly Route[]): boolean {
    const { name, uid } = node.metadata;
    if (present.some((route) => route.targetNode === name && route.destinationCIDR === destinationCIDR)) return true;
    try {
      routes.createRoute(uid, { targetNode: name, destinationCIDR });
      return true;
    } catch (error) {
      const reference = { ...node, metadata: { ...node.metadata, uid: name } };
      client.event(reference, 'Warning', 'FailedToCreateRoute', `Could not create route ${uid} ${destinationCIDR} for node ${name} after 0s: ${(error as Error).message}`);
      return false;
    }
  }

  function tell(node: Node, created: boolean): void {
    const status = created ? 'False' : 'True';
    const conditions = node.status.conditions ?? [];
    if (conditions.find(({ type }) => type === 'NetworkUnavailable')?.status === status) return;
    const now = timestamp(client.clock.now);
    const [reason, message] = created ? ['RouteCreated', 'RouteController created a route'] : ['NoRouteCreated', 'RouteController failed to create a route'];
    const condition = { type: 'NetworkUnavailable', status, reason, message, lastHeartbeatTime: now, lastTransitionTime: now };
    client.patch('Node', { name: node.metadata.name }, { status: { conditions: [condition] } }, { subresource: 'status' });
  }
}
