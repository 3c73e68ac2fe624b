// Image references (github.com/distribution/reference): the parts that the API and kubectl look at.

// A letter fits one place only: a name that is none is refused in time that grows with its length.
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const domain = `${label}(?:\\.${label})*(?::[0-9]+)?`;
const reference = new RegExp(`^(?:${domain}/)?${component}(?:/${component})*(?::([\\w][\\w.-]{0,127}))?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`);

/** Whether a text may name an image. */
export const isImageReference = (text: string): boolean => reference.test(text);

/** Of the domain and the path, without tag and digest. */
const nameLength = ([all, tag, digest = '']: RegExpExecArray) => all.length - digest.length - (tag ? tag.length + 1 : 0);

/** The tag of an image, `latest` where neither tag nor digest is named, '' for a digest or a name that cannot be parsed. */
function imageTag(image: string): string {
  if (/^[a-f0-9]{64}$/.test(image)) return '';
  const slash = image.indexOf('/');
  const head = slash < 0 ? '' : image.slice(0, slash);
  const hasDomain = head.includes('.') || head.includes(':') || head === 'localhost';
  const match = reference.exec(hasDomain ? image : `docker.io/${image}`);
  if (!match || nameLength(match) > 255) return '';
  return match[1] ?? (match[2] ? '' : 'latest');
}

const policies = new Map<string, 'Always' | 'IfNotPresent'>();

/** The pull policy of a container that names none. */
export function defaultPullPolicy(image: string): 'Always' | 'IfNotPresent' {
  let policy = policies.get(image);
  if (policy) return policy;
  policy = imageTag(image) === 'latest' ? 'Always' : 'IfNotPresent';
  if (policies.size >= 1000) policies.clear(); // a pure cache: forgetting costs time only
  policies.set(image, policy);
  return policy;
}
