// Formats of strings that are checked (kube-openapi/pkg/validation/strfmt). Differs from Kubernetes: a few rare ones are taken as they are.
import { isDNS1123Subdomain, parseIP } from '../names.ts';
import { parseDuration } from './go-duration.ts';

const uuid = (version: string) => new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$`, 'i');
const pattern = (regexp: RegExp) => (text: string) => regexp.test(text);
const isTime = (text: string) => !Number.isNaN(Date.parse(text));

const checks: Record<string, (text: string) => boolean> = {
  bsonobjectid: pattern(/^[0-9a-f]{24}$/i),
  byte: pattern(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  cidr: (text) => /\/\d{1,3}$/.test(text) && parseIP(text.slice(0, text.lastIndexOf('/'))) !== undefined,
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isTime(text),
  datetime: (text) => /^\d{4}-\d{2}-\d{2}[tT ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([zZ]|[+-]\d{2}:?\d{2})?$/.test(text) && isTime(text),
  duration: (text) => parseDuration(text) !== undefined,
  email: pattern(/^[^\s@]+@[^\s@]+$/),
  hexcolor: pattern(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  hostname: (text) => isDNS1123Subdomain(text.toLowerCase()).length === 0,
  ipv4: (text) => parseIP(text) === 4,
  ipv6: (text) => parseIP(text) === 6,
  mac: pattern(/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i),
  uri: pattern(/^([a-z][a-z0-9+.-]*:|\/)\S*$/i),
  uuid: pattern(uuid('[0-9a-f]')),
  uuid3: pattern(uuid('3')),
  uuid4: pattern(/^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
  uuid5: pattern(/^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
};
const unchecked = ['creditcard', 'isbn', 'isbn10', 'isbn13', 'password', 'rgbcolor', 'ssn'];
const plain = (format: string) => format.replaceAll('-', '');

/** Formats that nobody knows do not count. */
export const isKnownFormat = (format: string | undefined): format is string => format !== undefined && (plain(format) in checks || unchecked.includes(plain(format)));
export const hasFormat = (format: string, text: string): boolean => checks[plain(format)]?.(text) ?? true;
