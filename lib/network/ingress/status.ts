// Writes into Ingresses where they can be reached, once a minute as ingress-nginx does.
import type { Node, Service } from '../../api/index.ts';
import type { Client, Controller } from '../../client/index.ts';
import type { IngressGates } from './gate.ts';

const every = 60_000;
/** The first time: whoever leads has to be found first. */
const first = 3000;

export function ingressStatusController(client: Client, gates: IngressGates): Controller {
  const nodes = client.cache('Node');
  const services = client.cache('Service');
  return {
    name: 'ingress-nginx',
    watches: [{ kind: 'Ingress', requests: ({ type, object }) => (type === 'DELETED' ? [] : [{ namespace: object.metadata.namespace, name: object.metadata.name, after: first }]) }],
    reconcile(request) {
      const ingress = client.find('Ingress', request);
      const ours = ingress && [...gates.open.values()].filter(({ options }) => gates.isOurs(ingress, options));
      if (!ingress) return undefined;
      if (ours!.length > 0) client.updateStatus(ingress, { loadBalancer: { ingress: addressesOf(ours!) } });
      return { requeueAfter: every };
    },
  };

  function addressesOf(open: readonly { options: { publishService?: string }; caller: { node: string } }[]): { ip: string }[] {
    const publish = open[0]!.options.publishService;
    const [namespace = '', name = ''] = publish?.split('/') ?? [];
    const service = publish ? services.get({ namespace, name }) : undefined;
    const ips = service ? ofService(service) : open.flatMap(({ caller }) => internalIP(nodes.get({ name: caller.node })) ?? []);
    return [...new Set(ips)].sort().map((ip) => ({ ip }));
  }
}

function ofService({ spec, status }: Service): string[] {
  const balancers: { ip?: string }[] = status?.loadBalancer?.ingress ?? [];
  if (spec.type === 'LoadBalancer') return [...balancers.flatMap(({ ip }) => ip ?? []), ...(spec.externalIPs ?? [])];
  return spec.type === 'NodePort' && spec.externalIPs?.length ? spec.externalIPs : spec.clusterIP ? [spec.clusterIP] : [];
}

const internalIP = (node: Node | undefined) => node?.status.addresses?.find(({ type }) => type === 'InternalIP')?.address;
