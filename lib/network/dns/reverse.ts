import { addressOfReverse, type EndpointSlice, type Service } from '../../api/index.ts';
import type { DnsAnswer, DnsQuestion, DnsRecord } from '../../machine/index.ts';

interface ReverseSource {
  domain: string;
  services: Iterable<Service>;
  slices: Iterable<EndpointSlice>;
}

const ttl = 30;

/** `1.0.96.10.in-addr.arpa`, `….ip6.arpa`: the Service with that address, else the endpoints that have it. */
export function reverseAnswer({ name, type }: DnsQuestion, { domain, services, slices }: ReverseSource): DnsAnswer {
  const ip = addressOfReverse(name);
  if (ip === undefined) return { rcode: 'NXDOMAIN', records: [] };
  const pointer = (target: string): DnsRecord => ({ name, type: 'PTR', ttl, data: `${target}.` });
  const full = ({ namespace, service }: { namespace?: string; service: string }) => `${service}.${namespace}.svc.${domain}`;
  const records: DnsRecord[] = [];
  for (const { metadata, spec } of services) if ((spec.clusterIPs ?? [spec.clusterIP]).includes(ip)) records.push(pointer(full({ namespace: metadata.namespace, service: metadata.name })));
  if (records.length === 0) {
    for (const { metadata, endpoints } of slices) {
      const service = metadata.labels?.['kubernetes.io/service-name'];
      const end = endpoints?.find(({ addresses }) => addresses.includes(ip));
      if (service && end) records.push(pointer(`${end.hostname || ip.replaceAll(/[.:]/g, '-')}.${full({ namespace: metadata.namespace, service })}`));
    }
  }
  if (records.length === 0) return { rcode: 'NXDOMAIN', records };
  return { rcode: 'NOERROR', records: type === 'PTR' ? records : [] };
}
