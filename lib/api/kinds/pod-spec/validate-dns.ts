// DNS policy, DNS settings and host aliases.
import type { PodSpec } from '../../types.ts';
import { isDNS1123Subdomain, parseIP } from '../../names.ts';
import { goStrings } from './go-text.ts';
import type { FieldPath, Problems } from './problems.ts';

const policies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

export function validateDNSPolicy(problems: Problems, at: FieldPath, policy: string | undefined): void {
  if (!policy) problems.required(at);
  else if (!policies.includes(policy)) problems.notSupported(at, policy, policies);
}

/** Limits of the C library's resolver; a longer search list is allowed since it was lifted there. */
const limits = (problems: Problems) => (problems.version.has('expanded-dns-config') ? { searches: 32, characters: 2048 } : { searches: 6, characters: 256 });

export function validateDNSConfig(problems: Problems, at: FieldPath, config: PodSpec['dnsConfig'], policy: string | undefined): void {
  if (policy === 'None') {
    if (!config) return problems.required(at, 'must provide `dnsConfig` when `dnsPolicy` is None');
    if (!config.nameservers?.length) return problems.required(at.child('nameservers'), 'must provide at least one DNS nameserver when `dnsPolicy` is None');
  }
  if (!config) return;
  const { nameservers = [], searches = [], options = [] } = config;
  const { searches: maxSearches, characters } = limits(problems);
  if (nameservers.length > 3) problems.invalidText(at.child('nameservers'), goStrings(nameservers), 'must not have more than 3 nameservers');
  nameservers.forEach((server, i) => parseIP(server) || problems.invalid(at.child('nameservers').index(i), server, 'must be valid IP address'));
  if (searches.length > maxSearches) problems.invalidText(at.child('searches'), goStrings(searches), `must not have more than ${maxSearches} search paths`);
  if (searches.join(' ').length > characters) {
    problems.invalidText(at.child('searches'), goStrings(searches), `must not have more than ${characters} characters (including spaces) in the search list`);
  }
  searches.forEach((search, i) => {
    const name = search.endsWith('.') ? search.slice(0, -1) : search;
    problems.each(at.child('searches').index(i), name, isDNS1123Subdomain(name, problems.version));
  });
  options.forEach(({ name }, i) => name || problems.required(at.child('options').index(i), 'must not be empty'));
}

export function validateHostAliases(problems: Problems, at: FieldPath, aliases: NonNullable<PodSpec['hostAliases']>): void {
  // The paths lack the index, in Kubernetes too (it came with 1.29).
  aliases.forEach(({ ip = '', hostnames = [] }, i) => {
    const path = problems.version.has('host-alias-index') ? at.index(i) : at;
    if (!parseIP(ip)) problems.invalid(path.child('ip'), ip, 'must be valid IP address');
    for (const name of hostnames) problems.each(path.child('hostnames'), name, isDNS1123Subdomain(name, problems.version));
  });
}
