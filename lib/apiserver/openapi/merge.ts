// Puts the document of another API server into ours (kube-openapi, pkg/aggregator).
import type { Json } from './definitions.ts';

interface Swagger extends Json {
  paths?: Record<string, Json>;
  definitions?: Record<string, Json>;
}

const prefix = '#/definitions/';
const gvks = 'x-kubernetes-group-version-kind';

/** Both documents in one. Paths of `ours` win; of two different types with one name the other's gets a new name. */
export function merged(ours: Swagger, other: Swagger): Swagger {
  const source = below('/apis/', other, ours.paths ?? {});
  const renames = new Map<string, string>();
  for (const [name, definition] of Object.entries(source.definitions ?? {})) {
    const free = nameFor(name, definition, { ...ours.definitions });
    if (free !== name) renames.set(name, free);
  }
  const renamed = withNames(source, renames) as Swagger;
  const definitions = { ...ours.definitions };
  for (const [name, definition] of Object.entries(renamed.definitions ?? {})) definitions[renames.get(name) ?? name] ??= definition;
  return { ...ours, paths: { ...renamed.paths, ...ours.paths }, definitions };
}

/** Only paths that begin so and are not taken, and the types that they need. */
function below(start: string, document: Swagger, taken: Record<string, Json>): Swagger {
  const paths = Object.fromEntries(Object.entries(document.paths ?? {}).filter(([path]) => path.startsWith(start) && !(path in taken)));
  const [before, now] = [usedBy(document.paths, document), usedBy(paths, document)];
  const definitions = Object.fromEntries(Object.entries(document.definitions ?? {}).filter(([name]) => now.has(name) || !before.has(name)));
  return { ...document, paths, definitions };
}

function usedBy(part: unknown, { definitions = {} }: Swagger, found = new Set<string>()): Set<string> {
  if (typeof part !== 'object' || part === null) return found;
  for (const [key, value] of Object.entries(part)) {
    const name = key === '$ref' && typeof value === 'string' && value.startsWith(prefix) ? value.slice(prefix.length) : undefined;
    if (name === undefined) usedBy(value, { definitions }, found);
    else if (!found.has(name)) usedBy(definitions[name], { definitions }, found.add(name));
  }
  return found;
}

/** `Name`, or `Name_v2` … where that is something else already. */
function nameFor(name: string, definition: Json, present: Record<string, Json>): string {
  const bare = ({ [gvks]: _, ...rest }: Json) => JSON.stringify(rest);
  const same = (other: Json) => bare(other) === bare(definition);
  let wanted = name;
  for (let i = 2; present[wanted] && !same(present[wanted]!); i++) wanted = `${name}_v${i}`;
  return wanted;
}

function withNames(part: unknown, renames: ReadonlyMap<string, string>): unknown {
  if (renames.size === 0 || typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((item) => withNames(item, renames));
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => {
      const name = key === '$ref' && typeof value === 'string' ? renames.get(value.slice(prefix.length)) : undefined;
      return [key, name === undefined ? withNames(value, renames) : prefix + name];
    }),
  );
}
