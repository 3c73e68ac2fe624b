// What types and fields mean, in Kubernetes' own words: those of the published package kubernetes-types. Nothing is read
// before somebody asks.
// Differs from Kubernetes: the words are those of v1.30, the release of the package, whatever release is served.

interface Described {
  description: string;
  fields: ReadonlyMap<string, { description: string; required: boolean }>;
}

/** The declarations of a package (`core/v1`), as text; undefined when there are none. */
export type Declarations = (path: string) => string | undefined;

let declarations: Declarations = () => undefined;
const packages = new Map<string, ReadonlyMap<string, Described>>();
const nothing: Described = { description: '', fields: new Map() };

/** Says where the words come from: whoever starts the program may read files, the API server may not. */
export function describeBy(source: Declarations): void {
  declarations = source;
  packages.clear();
}

/** Of a type such as `core/v1.PodSpec`. */
export function describe(type: string): Described {
  const [path, name] = type.split('.') as [string, string];
  let known = packages.get(path);
  if (!known) packages.set(path, (known = read(declarations(path) ?? '')));
  return known.get(name) ?? nothing;
}

function read(text: string): ReadonlyMap<string, Described> {
  const types = new Map<string, Described>();
  const declaration = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^export (?:interface (\w+) \{\n([\s\S]*?)^\}|type (\w+) = )/gm;
  for (const [, comment, struct, body = '', scalar] of text.matchAll(declaration)) {
    const fields = new Map<string, { description: string; required: boolean }>();
    for (const [, about, key, optional] of body.matchAll(/^ {4}(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?(?:readonly )?"?([\w$-]+)"?(\?)?: /gm)) {
      fields.set(key!, { description: plain(about), required: !optional });
    }
    types.set((struct ?? scalar)!, { description: plain(comment), fields });
  }
  return types;
}

const plain = (comment = '') => comment.replace(/^\s*\* ?/gm, '').trim();
