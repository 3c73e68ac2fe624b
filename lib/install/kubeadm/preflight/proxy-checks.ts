// Whether connections to a control plane would go through an HTTP proxy, as Go reads the environment (x/net/http/httpproxy).
import { parseAddress, parseIP } from '../../../api/index.ts';
import { indexedIP, parseCIDR } from '../configuration/subnets.ts';
import { type Check, error, fine, warning } from './check.ts';

type Environment = ReadonlyMap<string, string>;

const variable = (env: Environment, name: string) => env.get(name.toUpperCase()) || env.get(name.toLowerCase()) || '';

/** The proxy of HTTPS connections to an address; undefined: straight. */
function proxyTo(env: Environment, address: string): string | undefined {
  const proxy = variable(env, 'https_proxy');
  if (!proxy || isExempt(variable(env, 'no_proxy'), address)) return undefined;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function isExempt(noProxy: string, address: string): boolean {
  const host = address.toLowerCase();
  if (host === 'localhost' || host.startsWith('127.') || host === '::1') return true;
  return noProxy.split(',').map((entry) => entry.trim().toLowerCase()).filter(Boolean).some((entry) => {
    if (entry === '*') return true;
    const subnet = entry.includes('/') ? parseCIDR(entry) : undefined;
    if (subnet) return parseCIDR(`${host}/${subnet.prefix}`)?.text === subnet.text;
    const name = entry.replace(/:\d+$/, '');
    if (parseIP(name)) return parseIP(host) !== undefined && parseAddress(name)?.value === parseAddress(host)?.value;
    return !parseIP(host) && (host === name.replace(/^\*?\./, '') ? !/^\*?\./.test(name) : host.endsWith(`.${name.replace(/^\*?\./, '')}`));
  });
}

export const httpProxy = (address: string): Check => ({
  name: 'HTTPProxy',
  look({ env }) {
    const proxy = proxyTo(env, address);
    const host = parseIP(address) === 6 ? `[${address}]:1234` : address;
    return proxy ? warning(`Connection to ${JSON.stringify(`https://${host}`)} uses proxy ${JSON.stringify(proxy)}. If that is not intended, adjust your proxy settings`) : fine;
  },
});

/** The first address of a range stands for all. */
export const httpProxyCIDR = (cidr: string): Check => ({
  name: 'HTTPProxyCIDR',
  look({ env }) {
    if (cidr === '') return fine;
    const subnet = parseCIDR(cidr);
    if (!subnet) return error(`error parsing CIDR ${JSON.stringify(cidr)}: invalid CIDR address: ${cidr}`);
    const proxy = proxyTo(env, indexedIP(subnet, 1));
    if (!proxy) return fine;
    return warning(`connection to ${JSON.stringify(cidr)} uses proxy ${JSON.stringify(proxy)}. This may lead to malfunctional cluster setup. Make sure that Pod and Services IP ranges specified correctly as exceptions in proxy configuration`);
  },
});
