import { type FieldError, forbiddenField, invalid, notSupported } from '../field-error.ts';
import { isDNS1123Subdomain, parseIP } from '../names.ts';
import type { KubeObject } from '../types.ts';
import { invalidAll } from './checks.ts';

interface Ingress {
  ip?: string;
  hostname?: string;
  ipMode?: string;
}

const modes = ['Proxy', 'VIP'];

export function loadBalancerStatusErrors({ status }: KubeObject): FieldError[] {
  const ingress: Ingress[] = status?.loadBalancer?.ingress ?? [];
  return ingress.flatMap(({ ip, hostname, ipMode }, i) => {
    const at = `status.loadBalancer.ingress[${i}]`;
    const errors = ip && !parseIP(ip) ? [invalid(`${at}.ip`, ip, 'must be a valid IP address')] : [];
    if (ipMode && !ip) errors.push(forbiddenField(`${at}.ipMode`, 'may not be specified when `ip` is not set'));
    else if (ipMode && !modes.includes(ipMode)) errors.push(notSupported(`${at}.ipMode`, ipMode, modes));
    if (!hostname) return errors;
    errors.push(...invalidAll(`${at}.hostname`, hostname, isDNS1123Subdomain(hostname)));
    if (parseIP(hostname)) errors.push(invalid(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'));
    return errors;
  });
}
