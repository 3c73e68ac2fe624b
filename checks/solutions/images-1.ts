import { exercise } from 'kubook';

await exercise('images-1', (name: string) => {
  const [rest = '', digest = null, ...more] = name.split('@');
  if (more.length > 0 || (digest !== null && !/^sha256:[0-9a-f]{64}$/.test(digest))) return null;
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  const [path, tag] = hasTag ? [rest.slice(0, colon), rest.slice(colon + 1)] : [rest, null];
  if (tag !== null && !/^\w[\w.-]{0,127}$/.test(tag)) return null;
  const parts = path.split('/');
  const first = parts[0]!;
  const isHost = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  const registry = isHost ? parts.shift()! : 'docker.io';
  if (registry === 'docker.io' && parts.length === 1) parts.unshift('library');
  const word = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
  if (!parts.every((part) => word.test(part))) return null;
  return { registry, repository: parts.join('/'), tag: tag ?? (digest ? null : 'latest'), digest };
});
