// `host:port` of a control plane (cmd/kubeadm/app/util/endpoint.go).
import { isDNS1123Subdomain, parseIP } from '../../../api/index.ts';
import { hostPort } from '../../../machine/index.ts';
import { fail } from '../frame/errors.ts';
import type { APIEndpoint } from './types.ts';

/** As Go's net.SplitHostPort; what is wrong instead, in its words. */
export function splitHostPort(text: string): { host: string; port: string } | { error: string } {
  const failed = (why: string) => ({ error: `address ${text}: ${why}` });
  const colon = text.lastIndexOf(':');
  if (colon < 0) return failed('missing port in address');
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end < 0) return failed("missing ']' in address");
    if (end + 1 === text.length) return failed('missing port in address');
    if (end + 1 !== colon) return failed(text[end + 1] === ':' ? 'too many colons in address' : 'missing port in address');
    return { host: text.slice(1, end), port: text.slice(colon + 1) };
  }
  const host = text.slice(0, colon);
  if (host.includes(':')) return failed('too many colons in address');
  if (/[[\]]/.test(text)) return failed(`unexpected '${/[[\]]/.exec(text)![0]}' in address`);
  return { host, port: text.slice(colon + 1) };
}

export const isPort = (text: string): boolean => /^\+?\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;

/** What is wrong with an endpoint, or its two parts. */
export function readHostPort(text: string): { host: string; port: string } | { error: string } {
  const split = splitHostPort(text);
  const { host, port } = 'error' in split ? { host: text, port: '' } : split;
  if (port && !isPort(port)) return { error: `hostport ${text}: port ${port} must be a valid number between 1 and 65535, inclusive` };
  if (parseIP(host) || isDNS1123Subdomain(host).length === 0) return { host, port };
  return { error: `hostport ${text}: host '${host}' must be a valid IP address or a valid RFC-1123 DNS subdomain` };
}

export function parseHostPort(text: string): { host: string; port: string } {
  const read = readHostPort(text);
  return 'error' in read ? fail(read.error) : read;
}

export const localEndpoint = ({ advertiseAddress = '', bindPort = 0 }: APIEndpoint): string => `https://${hostPort(advertiseAddress, bindPort)}`;

/** The URL that everybody reaches the control plane by. */
export function controlPlaneEndpoint(endpoint: string | undefined, local: APIEndpoint, say: (text: string) => void): string {
  if (!endpoint) return localEndpoint(local);
  const { host, port } = parseHostPort(endpoint);
  if (port && port !== String(local.bindPort)) say('[endpoint] WARNING: port specified in controlPlaneEndpoint overrides bindPort in the controlplane address\n');
  return `https://${hostPort(host, port || local.bindPort!)}`;
}
