// What fields mean, in Kubernetes' own words: read from the published package kubernetes-types when somebody asks.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface Described {
  description: string;
  fields: ReadonlyMap<string, { description: string; required: boolean }>;
}

const folder = dirname(createRequire(import.meta.url).resolve('kubernetes-types/package.json'));
const packages = new Map<string, ReadonlyMap<string, Described>>();
const nothing: Described = { description: '', fields: new Map() };

/** Of a type such as `core/v1.PodSpec`. */
export function describe(type: string): Described {
  const [path, name] = type.split('.') as [string, string];
  let known = packages.get(path);
  if (!known) packages.set(path, (known = read(join(folder, `${path}.d.ts`))));
  return known.get(name) ?? nothing;
}

function read(file: string): ReadonlyMap<string, Described> {
  const types = new Map<string, Described>();
  if (!existsSync(file)) return types;
  const declaration = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^export interface (\w+) \{\n([\s\S]*?)^\}/gm;
  for (const [, comment, name, body] of readFileSync(file, 'utf8').matchAll(declaration)) {
    const fields = new Map<string, { description: string; required: boolean }>();
    for (const [, about, key, optional] of body!.matchAll(/^ {4}(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?(?:readonly )?"?([\w$-]+)"?(\?)?: /gm)) {
      fields.set(key!, { description: plain(about), required: !optional });
    }
    types.set(name!, { description: plain(comment), fields });
  }
  return types;
}

const plain = (comment = '') => comment.replace(/^\s*\* ?/gm, '').trim();
