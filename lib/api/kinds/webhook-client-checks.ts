// How the API server may reach a webhook (apiserver/pkg/util/webhook/validation.go), and in which versions it asks.
import { type FieldError, invalid, required } from '../field-error.ts';
import { isDNS1035Label, isDNS1123Subdomain, isValidPortNum } from '../names.ts';
import { invalidAll, invalidList } from './checks.ts';

interface Client {
  url?: string | null;
  service?: { name?: string; namespace?: string; path?: string; port?: number } | null;
}

/** Either a URL or a Service. */
export function clientErrors(field: string, client: Client | null | undefined): FieldError[] {
  const { url, service } = client ?? {};
  if ((url ?? undefined) === undefined) return service ? serviceErrors(`${field}.service`, service) : [required(field, 'exactly one of url or service is required')];
  return service ? [required(field, 'exactly one of url or service is required')] : urlErrors(`${field}.url`, url!);
}

const form = '; desired format: https://host[/path]';

function urlErrors(field: string, url: string): FieldError[] {
  const [, scheme = '', , user, host = '', rest = ''] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/((?:([^/?#@]*)@)?([^/?#]*)))?(.*)$/s.exec(url)!;
  const [, query, fragment] = /^[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s.exec(rest)!;
  const errors = scheme === 'https' ? [] : [invalid(field, scheme, `'https' is the only allowed URL scheme${form}`)];
  if (!host) errors.push(invalid(field, host, `host must be provided${form}`));
  if (user !== undefined) errors.push(invalid(field, user, 'user information is not permitted in the URL'));
  if (fragment) errors.push(invalid(field, fragment, 'fragments are not permitted in the URL'));
  if (query) errors.push(invalid(field, query, 'query parameters are not permitted in the URL'));
  return errors;
}

/** Kubernetes hands over name and namespace the wrong way round: what is said to be missing is the other one. */
function serviceErrors(field: string, { name, namespace, path, port = 0 }: NonNullable<Client['service']>): FieldError[] {
  const errors: FieldError[] = [];
  if (!namespace) errors.push(required(`${field}.name`, 'service name is required'));
  if (!name) errors.push(required(`${field}.namespace`, 'service namespace is required'));
  if (isValidPortNum(port).length > 0) errors.push(invalid(`${field}.port`, port, `port is not valid: ${isValidPortNum(port).join(', ')}`));
  return [...errors, ...pathErrors(`${field}.path`, path ?? '')];
}

function pathErrors(field: string, path: string): FieldError[] {
  if (path === '' || path === '/') return [];
  const wrong = (why: string) => invalid(field, path, why);
  if (path === '//') return [wrong('segment[0] may not be empty')];
  const steps = path.slice(1).replace(/\/$/, '').split('/');
  return [
    ...(path.startsWith('/') ? [] : [wrong("must start with a '/'")]),
    ...steps.flatMap((step, i) => (step === '' ? [wrong(`segment[${i}] may not be empty`)] : isDNS1123Subdomain(step).map((why) => wrong(`segment[${i}]: ${why}`)))),
  ];
}

const reviewVersions = ['v1', 'v1beta1'];

/** The versions of reviews that a webhook understands: one that the API server knows is among them. */
export function reviewVersionErrors(field: string, given: readonly string[] | null | undefined, whyRequired?: string): FieldError[] {
  const versions = given ?? [];
  if (versions.length === 0) return [required(field, whyRequired)];
  const errors = versions.flatMap((version, i) => (versions.indexOf(version) < i ? [invalid(`${field}[${i}]`, version, 'duplicate version')] : invalidAll(`${field}[${i}]`, version, isDNS1035Label(version))));
  return versions.some((version) => reviewVersions.includes(version)) ? errors : [...errors, invalidList(field, versions, `must include at least one of ${reviewVersions.join(', ')}`)];
}
