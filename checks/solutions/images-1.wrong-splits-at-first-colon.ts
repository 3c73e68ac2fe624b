// fails: 레지스트리를 알아본다
import { exercise } from 'kubook';

await exercise('images-1', (name: string) => {
  const [rest = '', digest = null] = name.split('@');
  const [path = '', tag = null] = rest.split(':');
  const parts = path.split('/');
  const registry = parts.length > 1 && /\.|^localhost$/.test(parts[0]!) ? parts.shift()! : 'docker.io';
  if (registry === 'docker.io' && parts.length === 1) parts.unshift('library');
  if (parts.some((part) => !/^[a-z0-9]+([._-]+[a-z0-9]+)*$/.test(part)) || tag === '') return null;
  return { registry, repository: parts.join('/'), tag: tag ?? (digest ? null : 'latest'), digest };
});
