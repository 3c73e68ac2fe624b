// fails: 다이제스트를 뗀다
import { exercise } from 'kubook';

await exercise('images-1', (name: string) => {
  const [rest = '', digest = null, ...more] = name.split('@');
  if (more.length > 0 || (digest !== null && !/^sha256:[0-9a-f]{64}$/.test(digest))) return null;
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  const [path, tag] = hasTag ? [rest.slice(0, colon), rest.slice(colon + 1)] : [rest, 'latest'];
  if (!/^\w[\w.-]{0,127}$/.test(tag)) return null;
  const parts = path.split('/');
  const isHost = parts.length > 1 && (/[.:]/.test(parts[0]!) || parts[0] === 'localhost');
  const registry = isHost ? parts.shift()! : 'docker.io';
  if (registry === 'docker.io' && parts.length === 1) parts.unshift('library');
  if (!parts.every((part) => /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/.test(part))) return null;
  return { registry, repository: parts.join('/'), tag, digest };
});
