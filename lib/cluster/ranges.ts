// Where addresses of pods and Services come from. One range: a cluster of that family. Two of different families: a dual-stack
// cluster, whose first family is the one that counts where there is room for one address only.
import { parseAddress, type Version } from '../api/index.ts';
import type { ClusterOptions } from './options.ts';

export type Family = 'IPv4' | 'IPv6';

export interface Ranges {
  /** `10.244.0.0/16`, or two with a comma between. */
  podCIDR: string;
  serviceCIDR: string;
  /** Of the machines and their pods, the first one first. */
  families: readonly Family[];
}

const familyOf = (cidr: string): Family => (cidr.includes(':') ? 'IPv6' : 'IPv4');
const serviceRanges: Readonly<Record<Family, string>> = { IPv4: '10.96.0.0/16', IPv6: 'fd00:10:96::/112' };

/** A /16 has room for 256 nodes, as a /56 of IPv6 has; larger clusters get a /9, or a /48. */
function podRange(family: Family, { nodes = 0 }: ClusterOptions): string {
  const few = (typeof nodes === 'number' ? nodes : nodes.length) < 256;
  return family === 'IPv6' ? `fd00:10:244::/${few ? 56 : 48}` : few ? '10.244.0.0/16' : '10.128.0.0/9';
}

/** What was asked for, and what goes with it. Throws a RangeError in the words of the component that would not start. */
export function rangesOf(options: ClusterOptions, version: Version): Ranges {
  const families = split(options.podCIDR ?? options.serviceCIDR ?? serviceRanges.IPv4).map(familyOf);
  const podCIDR = options.podCIDR ?? families.map((family) => podRange(family, options)).join();
  const serviceCIDR = options.serviceCIDR ?? families.map((family) => serviceRanges[family]).join();
  checkServices(split(serviceCIDR), version);
  checkPods(split(podCIDR), version);
  const unserved = split(serviceCIDR).find((cidr) => !families.includes(familyOf(cidr)));
  if (unserved) throw new RangeError(`serviceCIDR ${unserved}: 파드와 머신에 ${familyOf(unserved)} 주소가 없다. podCIDR에도 ${familyOf(unserved)} 대역을 적는다`);
  return { podCIDR: split(podCIDR).join(), serviceCIDR: split(serviceCIDR).join(), families };
}

const split = (list: string) => list.split(',').map((cidr) => cidr.trim());
const bitsOf = (cidr: string) => Number(cidr.split('/')[1]);

/** kube-apiserver --service-cluster-ip-range (cmd/kube-apiserver/app/options/validation.go). */
function checkServices(cidrs: readonly string[], version: Version): void {
  const flag = '--service-cluster-ip-range';
  if (!cidrs.every(isRange)) throw new RangeError(`${flag} is not a valid cidr: ${cidrs.join()}`);
  if (cidrs.length > 1 && !version.has('dual-stack')) throw new RangeError(`secondary service cluster-ip range(${flag}[1]) can only be used if IPv6DualStack and EndpointSlice feature is enabled`);
  if (cidrs.length > 2) throw new RangeError(`${flag} must not contain more than two entries`);
  if (cidrs.length === 2 && familyOf(cidrs[0]!) === familyOf(cidrs[1]!)) throw new RangeError(`${flag}[0] and ${flag}[1] must be of different IP family`);
  for (const [i, cidr] of cidrs.entries()) {
    const [width, least] = familyOf(cidr) === 'IPv6' ? [128, 108] : [32, 12];
    if (bitsOf(cidr) < least) throw new RangeError(`specified ${flag}${i > 0 ? '[1]' : ''} is too large; for ${width}-bit addresses, the mask must be >= ${least}`);
  }
}

/** kube-controller-manager --cluster-cidr (cmd/kube-controller-manager/app/core.go, pkg/controller/nodeipam/ipam/cidrset). */
function checkPods(cidrs: readonly string[], version: Version): void {
  const bad = cidrs.find((cidr) => !isRange(cidr));
  if (bad !== undefined) throw new RangeError(`invalid CIDR address: ${bad}`);
  const count = `len of ClusterCIDRs==${cidrs.length}`;
  if (cidrs.length > 1 && !version.has('dual-stack')) throw new RangeError(`${count} and dualstack or EndpointSlice feature is not enabled`);
  if (cidrs.length > 1 && new Set(cidrs.map(familyOf)).size < 2) throw new RangeError(`${count} and they are not configured as dual stack (at least one from each IPFamily)`);
  if (cidrs.length > 2) throw new RangeError(`length of clusterCIDRs is:${cidrs.length} more than max allowed of 2`);
  if (cidrs.some((cidr) => familyOf(cidr) === 'IPv6' && bitsOf(cidr) < 48)) throw new RangeError('New CIDR set failed; the node CIDR size is too big');
}

function isRange(cidr: string): boolean {
  const [address = '', bits = ''] = cidr.split('/');
  return parseAddress(address) !== undefined && /^\d+$/.test(bits) && Number(bits) <= (familyOf(cidr) === 'IPv6' ? 128 : 32);
}
