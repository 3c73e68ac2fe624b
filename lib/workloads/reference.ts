// Image references: how a short name becomes a full one, and which names are no references at all.

export interface Reference {
  /** `docker.io`, `registry.k8s.io` … */
  domain: string;
  /** `library/nginx` */
  path: string;
  tag?: string;
  digest?: string;
}

const pathPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const domainPattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?$/;
const tagPattern = /^\w[\w.-]{0,127}$/;

/** Thrown for a name that no registry could have; the message is the reference library's. */
export class InvalidReference extends Error {}

const parsed = new Map<string, Reference>();

/** `nginx` → docker.io, library/nginx. Follows distribution/reference: a first part with a dot, a port or `localhost` is a registry. */
export function parseReference(text: string): Reference {
  let reference = parsed.get(text);
  if (!reference) parsed.set(text, (reference = parse(text)));
  return reference;
}

function parse(text: string): Reference {
  const [beforeDigest, digest] = splitOnce(text, text.indexOf('@'));
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) throw new InvalidReference('invalid reference format');
  const colon = beforeDigest.lastIndexOf(':');
  const [name, tag] = splitOnce(beforeDigest, colon > beforeDigest.lastIndexOf('/') ? colon : -1);
  if (tag !== undefined && !tagPattern.test(tag)) throw new InvalidReference('invalid reference format');

  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  const hasDomain = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  const domain = hasDomain ? first : 'docker.io';
  const rest = hasDomain ? name.slice(slash + 1) : name;
  const path = domain === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  if (path !== path.toLowerCase()) throw new InvalidReference(`invalid reference format: repository name (${path}) must be lowercase`);
  if (!domainPattern.test(domain) || !pathPattern.test(path)) throw new InvalidReference('invalid reference format');
  return { domain, path, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

function splitOnce(text: string, at: number): [string, string | undefined] {
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** `docker.io/library/nginx` */
export const repositoryOf = ({ domain, path }: Reference): string => `${domain}/${path}`;

/** `docker.io/library/nginx:latest` */
export function fullName(reference: Reference): string {
  return repositoryOf(reference) + suffixOf(reference);
}

/** As people write it: `nginx:latest`. */
export function familiarName(reference: Reference): string {
  const { domain, path } = reference;
  const repository = domain !== 'docker.io' ? `${domain}/${path}` : path.replace(/^library\//, '');
  return repository + suffixOf(reference);
}

const suffixOf = ({ tag, digest }: Reference) => (digest ? `@${digest}` : `:${tag ?? 'latest'}`);
