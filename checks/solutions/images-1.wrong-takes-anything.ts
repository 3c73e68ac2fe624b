// fails: 이름이 아닌 것을 가려낸다
import { exercise } from 'kubook';

await exercise('images-1', (name: string) => {
  const [rest = '', digest = null] = name.split('@');
  const colon = rest.lastIndexOf(':');
  const [path, tag] = colon > rest.lastIndexOf('/') ? [rest.slice(0, colon), rest.slice(colon + 1)] : [rest, null];
  const parts = path.split('/');
  const isHost = parts.length > 1 && (/[.:]/.test(parts[0]!) || parts[0] === 'localhost');
  const registry = isHost ? parts.shift()! : 'docker.io';
  if (registry === 'docker.io' && parts.length === 1) parts.unshift('library');
  return { registry, repository: parts.join('/'), tag: tag ?? (digest ? null : 'latest'), digest };
});
