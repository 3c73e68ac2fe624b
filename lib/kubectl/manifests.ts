// Files named with -f: from text to objects with the row of the table of kinds they belong to.
import type { KubeObject, Manifest, Resource } from '../api/index.ts';
import { CommandError, PlainError, throwAll } from './errors.ts';
import { resourceOfKind } from './names.ts';
import type { Call, Info } from './session.ts';
import { documents } from './yaml/parse.ts';

interface Source {
  name: string;
  text: string;
}

/** The files behind the values of -f: a file, a directory, or `-`. One that is not there, and none is read. */
function sourcesOf(call: Call, paths: readonly string[]): Source[] {
  const files = call.options.files ?? new Map<string, string>();
  const errors: Error[] = [];
  const sources = paths.flatMap((path): Source[] => {
    if (path === '-') return [{ name: 'STDIN', text: call.stdin }];
    if (/^https?:\/\//.test(path)) return [{ name: path, text: fromInternet(call, path) }];
    const clean = path.replace(/^\.\//, '');
    const text = files.get(path) ?? files.get(clean);
    if (text !== undefined) return [{ name: path, text }];
    const folder = clean === '.' || clean === '' ? '' : `${clean.replace(/\/+$/, '')}/`;
    const inside = [...files.keys()].filter((name) => name.startsWith(folder) && (call.flags.bool('recursive') || !name.slice(folder.length).includes('/')));
    const manifests = inside.filter((name) => /\.(json|ya?ml)$/.test(name)).sort();
    if (inside.length === 0) errors.push(new CommandError(`the path ${JSON.stringify(path)} does not exist`));
    else if (manifests.length === 0) errors.push(new CommandError(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`));
    return manifests.map((name) => ({ name, text: files.get(name)! }));
  });
  throwAll(errors);
  return sources;
}

/** Differs from Kubernetes: of the Internet there is what the cluster's library publishes. */
function fromInternet({ options }: Call, url: string): string {
  const text = options.published?.(url);
  if (text === undefined) throw new CommandError(`unable to read URL ${JSON.stringify(url)}, server reported 404 Not Found, status code=404`);
  return text;
}

/** Every object in the files of -f, and what is wrong with others, in their order. */
export function readManifests(call: Call, paths: readonly string[]): (Info | Error)[] {
  return sourcesOf(call, paths).flatMap((source) => readOne(call, source));
}

/** What kubectl cannot validate ends the reading of its file, what it only cannot place does not. */
function readOne(call: Call, { name, text }: Source): (Info | Error)[] {
  const found: (Info | Error)[] = [];
  const parsed = documents(text);
  try {
    for (const document of parsed.documents) {
      validate(call, document, name);
      const objects = items(document);
      for (const object of objects) found.push(infoFor(call, object, { source: name, listed: objects[0] !== document }));
    }
    if (parsed.error) found.push(new CommandError(`error parsing ${name}: ${parsed.error}`));
  } catch (error) {
    found.push(error as Error);
  }
  return found;
}

function infoFor(call: Call, object: unknown, { source, listed }: { source: string; listed: boolean }): Info | Error {
  try {
    return manifestInfo(call, object, source);
  } catch (error) {
    const { kind, apiVersion } = object as Manifest;
    // What stands in a List is refused in other words.
    if (listed && kind && !resourceOfKind(kind, apiVersion ?? '', call.version)) return new PlainError(`unable to recognize no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
    return error as Error;
  }
}

function items(document: unknown): unknown[] {
  const object = document as Manifest;
  const isList = typeof object?.kind === 'string' && object.kind.endsWith('List') && Array.isArray(object.items);
  return isList ? object.items.flatMap(items) : [document];
}

const off = 'if you choose to ignore these errors, turn validation off with --validate=false';

/** What `create`, `apply` and `replace` check of a document before they know its kind; with --validate=false nothing. */
function validate(call: Call, document: unknown, source: string): void {
  const directive = call.flags.string('validate');
  if (!directive || /^(false|ignore)$/i.test(directive)) return;
  const { apiVersion, kind } = (isObject(document) ? document : {}) as Manifest;
  const missing = [...(apiVersion ? [] : ['apiVersion not set']), ...(kind ? [] : ['kind not set'])];
  if (isObject(document) && missing.length === 0) return;
  const why = !isObject(document) ? 'invalid object to validate' : missing.length > 1 ? `[${missing.join(', ')}]` : missing[0];
  throw new CommandError(`error validating ${JSON.stringify(source)}: error validating data: ${why}; ${off}`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function manifestInfo(call: Call, value: unknown, source: string): Info {
  const undecoded = (why: string) => new CommandError(`unable to decode ${JSON.stringify(source)}: ${why}`);
  if (!isObject(value)) throw undecoded(`json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value} into Go value of type unstructured.detector`);
  const object = value as Manifest;
  if (!object.kind) throw undecoded(`Object 'Kind' is missing in '${JSON.stringify(object)}'`);
  const [kind, apiVersion] = [String(object.kind), String(object.apiVersion ?? '')];
  const metadata = object.metadata ?? {};
  const resource = resourceOfKind(kind, apiVersion, call.version);
  if (!resource) throw noMatch(kind, apiVersion, metadata, source);
  return { resource, apiVersion, source, name: metadata.name ?? '', namespace: namespaceFor(call, resource, metadata.namespace), object: withNamespace(call, resource, object) };
}

function noMatch(kind: string, apiVersion: string, metadata: { name?: string; namespace?: string }, source: string): Error {
  return new CommandError(
    `resource mapping not found for name: ${JSON.stringify(metadata.name ?? '')} namespace: ${JSON.stringify(metadata.namespace ?? '')} from ${JSON.stringify(source)}: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}\nensure CRDs are installed first`,
  );
}

function namespaceFor(call: Call, { namespaced }: Resource, own: string | undefined): string {
  if (!namespaced) return '';
  if (own && call.namespaceGiven && own !== call.namespace) {
    throw new CommandError(`the namespace from the provided object ${JSON.stringify(own)} does not match the namespace ${JSON.stringify(call.namespace)}. You must pass '--namespace=${own}' to perform this operation.`);
  }
  return own || call.namespace;
}

function withNamespace(call: Call, resource: Resource, object: Manifest): KubeObject {
  const namespace = namespaceFor(call, resource, object.metadata?.namespace);
  if (!namespace || object.metadata?.namespace === namespace) return object as KubeObject;
  return { ...object, metadata: { ...object.metadata, namespace } } as KubeObject;
}
