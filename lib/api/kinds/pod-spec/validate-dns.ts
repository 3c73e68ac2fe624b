// DNS policy, DNS settings and host aliases.
import type { PodSpec } from '../../types.ts';
import { isDNS1123Subdomain, isValidIP, parseIP } from '../../names.ts';
import { goStrings } from './go-text.ts';
import type { FieldPath, Problems } from './problems.ts';

const policies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

export function validateDNSPolicy(problems: Problems, at: FieldPath, policy: string | undefined): void {
  if (!policy) problems.required(at);
  else if (!policies.includes(policy)) problems.notSupported(at, policy, policies);
}

function checkIP(problems: Problems, at: FieldPath, text: string): void {
  if (parseIP(text)) return;
  if (problems.version.has('ip-address-messages')) problems.each(at, text, isValidIP(text));
  else problems.invalid(at, text, 'must be valid IP address');
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
  nameservers.forEach((server, i) => checkIP(problems, at.child('nameservers').index(i), server));
  if (searches.length > maxSearches) problems.invalidText(at.child('searches'), goStrings(searches), `must not have more than ${maxSearches} search paths`);
  if (searches.join(' ').length > characters) {
    problems.invalidText(at.child('searches'), goStrings(searches), `must not have more than ${characters} characters (including spaces) in the search list`);
  }
  searches.forEach((search, i) => {
    const name = search.endsWith('.') ? search.slice(0, -1) : search;
    problems.each(at.child('searches').index(i), name, isDNS1123Subdomain(name));
  });
  options.forEach(({ name }, i) => name || problems.required(at.child('options').index(i), 'must not be empty'));
}

export function validateHostAliases(problems: Problems, at: FieldPath, aliases: NonNullable<PodSpec['hostAliases']>): void {
  // Older paths lack the indexes, in Kubernetes too.
  const newer = problems.version.has('ip-address-messages');
  aliases.forEach(({ ip = '', hostnames = [] }, i) => {
    const path = newer ? at.index(i) : at;
    checkIP(problems, path.child('ip'), ip);
    const names = path.child('hostnames');
    hostnames.forEach((name, j) => problems.each(newer ? names.index(j) : names, name, isDNS1123Subdomain(name)));
  });
}
