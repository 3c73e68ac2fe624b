// Checks of names and other short texts, with the messages of k8s.io/apimachinery/pkg/util/validation.
// Every check returns what is wrong; an empty list means valid.

const encoder = new TextEncoder();

/** Length in bytes, as Go's len() counts it. */
export function byteLength(text: string): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return encoder.encode(text).length;
  return text.length;
}

const maxLenError = (length: number) => `must be no more than ${length} characters`;
const emptyError = () => 'must be non-empty';
const inclusiveRangeError = (low: number, high: number) => `must be between ${low} and ${high}, inclusive`;

function regexError(message: string, format: string, ...examples: string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${format}')`;
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${format}')`;
}

interface Rule {
  format: string;
  regexp: RegExp;
  message: string;
  examples: string[];
  max?: number;
  /** Values that passed before: labels and namespaces come again and again. */
  known: Set<string>;
}

const rule = (format: string, message: string, examples: string[], max?: number): Rule => ({ format, regexp: new RegExp(`^${format}$`), message, examples, max, known: new Set() });

const valid: string[] = [];
const remembered = 1000;

function check(rule: Rule, value: string): string[] {
  const { format, regexp, message, examples, max, known } = rule;
  if (known.has(value)) return valid;
  const errors: string[] = [];
  if (max !== undefined && value.length * 3 > max && byteLength(value) > max) errors.push(maxLenError(max));
  if (!regexp.test(value)) errors.push(regexError(message, format, ...examples));
  if (errors.length === 0 && known.size < remembered) known.add(value);
  return errors;
}

const qualifiedNameFormat = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const alphanumeric = "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const label1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain1123 = `${label1123}(\\.${label1123})*`;

const rules = {
  qualifiedName: rule(qualifiedNameFormat, `must ${alphanumeric}`, ['MyName', 'my.name', '123-abc']),
  labelValue: rule(`(${qualifiedNameFormat})?`, `a valid label must be an empty string or ${alphanumeric}`, ['MyValue', 'my_value', '12345'], 63),
  dns1123Label: rule(label1123, "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character", ['my-name', '123-abc'], 63),
  dns1123Subdomain: rule(subdomain1123, "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character", ['example.com'], 253),
  dns1035Label: rule('[a-z]([-a-z0-9]*[a-z0-9])?', "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character", ['my-name', 'abc-123'], 63),
  wildcardDNS1123Subdomain: rule(`\\*\\.${subdomain1123}`, "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character", ['*.example.com'], 253),
  percent: rule('[0-9]+%', "a valid percent string must be a numeric string followed by an ending '%'", ['1%', '93%']),
  httpHeaderName: rule('[-A-Za-z0-9]+', "a valid HTTP header must consist of alphanumeric characters or '-'", ['X-Header-Name']),
  envVarName: rule('[-._a-zA-Z][-._a-zA-Z0-9]*', "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit", ['my.env-name', 'MY_ENV.NAME', 'MyEnvName1']),
  configMapKey: rule('[-._a-zA-Z0-9]+', "a valid config key must consist of alphanumeric characters, '-', '_' or '.'", ['key.name', 'KEY_NAME', 'key-name'], 253),
};

export const isValidLabelValue = (value: string) => check(rules.labelValue, value);
export const isDNS1123Label = (value: string) => check(rules.dns1123Label, value);
export const isDNS1123Subdomain = (value: string) => (isPlainName(value) ? valid : check(rules.dns1123Subdomain, value));

/** Most names: short enough whatever their bytes, and in order. The expression has no choice to go back to. */
const plainName = /^[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/;
const isPlainName = (value: string): boolean => value.length <= 84 && plainName.test(value);

export const isDNS1035Label = (value: string) => check(rules.dns1035Label, value);
export const isWildcardDNS1123Subdomain = (value: string) => check(rules.wildcardDNS1123Subdomain, value);
export const isValidPercent = (value: string) => check(rules.percent, value);
export const isHTTPHeaderName = (value: string) => check(rules.httpHeaderName, value);
export const isEnvVarName = (value: string) => [...check(rules.envVarName, value), ...startsWithParent(value)];
export const isConfigMapKey = (value: string) => [...check(rules.configMapKey, value), ...startsWithParent(value)];

/** What a name may be for the sake of its path alone. */
export function isPathSegment(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((character) => name.includes(character)).map((character) => `may not contain '${character}'`);
}

// The same few keys come with every object; those found valid are not looked at again.
const validNames = new Set<string>();
const noErrors: string[] = [];

/** `name` or `prefix/name`, as keys of labels, annotations, taints and finalizers are written. */
export function isQualifiedName(value: string): string[] {
  if (validNames.has(value)) return noErrors;
  const errors = qualifiedNameErrors(value);
  if (errors.length === 0 && validNames.size < 10_000) validNames.add(value);
  return errors;
}

function qualifiedNameErrors(value: string): string[] {
  const parts = value.split('/');
  if (parts.length > 2) {
    const { message, format, examples } = rules.qualifiedName;
    return [`a qualified name ${regexError(message, format, ...examples)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const errors: string[] = [];
  const name = parts[parts.length - 1]!;
  if (parts.length === 2) {
    if (parts[0] === '') errors.push(`prefix part ${emptyError()}`);
    else for (const message of isDNS1123Subdomain(parts[0]!)) errors.push(`prefix part ${message}`);
  }
  if (name === '') errors.push(`name part ${emptyError()}`);
  else if (name.length * 3 > 63 && byteLength(name) > 63) errors.push(`name part ${maxLenError(63)}`);
  for (const message of check(rules.qualifiedName, name)) errors.push(`name part ${message}`);
  return errors;
}

/** The suffix that generateName appends starts where a dash may stand, so the prefix is checked without its end. */
export function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
}

export const isValidPortNum = (port: number) => (port >= 1 && port <= 65535 ? [] : [inclusiveRangeError(1, 65535)]);
const isInRange = (value: number, low: number, high: number) => (value >= low && value <= high ? [] : [inclusiveRangeError(low, high)]);
/** User and group ids share their range. */
export const isValidUserID = (id: number) => isInRange(id, 0, 2147483647);
export const isValidGroupID = isValidUserID;

export function isValidPortName(port: string): string[] {
  const errors: string[] = [];
  if (byteLength(port) > 15) errors.push(maxLenError(15));
  if (!/^[-a-z0-9]+$/.test(port)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(port)) errors.push('must contain at least one letter or number (a-z, 0-9)');
  if (port.includes('--')) errors.push('must not contain consecutive hyphens');
  if (port.startsWith('-') || port.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

export const isValidIP = (value: string) => (parseIP(value) ? [] : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']);

/** Family of an address, undefined when the text is none (Go's net.ParseIP). An IPv4-mapped address counts as IPv4. */
export function parseIP(text: string): 4 | 6 | undefined {
  if (text.includes(':')) return ipv6Family(text);
  const parts = text.split('.');
  return parts.length === 4 && parts.every(isOctet) ? 4 : undefined;
}

// Go up to 1.16 (so Kubernetes 1.20) reads leading zeros as decimal; later releases of Kubernetes keep that reading.
const isOctet = (part: string) => /^[0-9]+$/.test(part) && Number(part) <= 255;

function ipv6Family(text: string): 4 | 6 | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups[groups.length - 1];
  let count = groups.length;
  if (last?.includes('.')) {
    if (parseIP(last) !== 4 || halves[halves.length - 1] === '') return undefined;
    groups.pop();
    count++;
  }
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined;
  if (halves.length === 2 ? count > 7 : count !== 8) return undefined;
  return /^(0{0,4}:)*:?[fF]{4}:\d+\.\d+\.\d+\.\d+$/.test(text) ? 4 : 6;
}

function startsWithParent(value: string): string[] {
  if (value === '.') return ["must not be '.'"];
  if (value === '..') return ["must not be '..'"];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
}
