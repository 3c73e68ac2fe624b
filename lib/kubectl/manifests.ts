// Files named with -f: from text to objects with the row of the table of kinds they belong to.
import type { KubeObject, Manifest, Resource } from '../api/index.ts';
import { CommandError } from './errors.ts';
import { resourceOfKind } from './names.ts';
import type { Call, Info } from './session.ts';
import { documents } from './yaml/parse.ts';

interface Source {
  name: string;
  text: string;
}

/** The files behind the values of -f: a file, a directory, or `-`. */
function sourcesOf(call: Call, paths: readonly string[]): { sources: Source[]; errors: Error[] } {
  const files = call.options.files ?? new Map<string, string>();
  const sources: Source[] = [];
  const errors: Error[] = [];
  for (const path of paths) {
    if (path === '-') {
      sources.push({ name: 'STDIN', text: call.stdin });
      continue;
    }
    if (/^https?:\/\//.test(path)) {
      // Differs from Kubernetes: the simulated workstation has no internet to read a manifest from.
      errors.push(new CommandError(`unable to read URL ${JSON.stringify(path)}, status code=404`));
      continue;
    }
    const clean = path.replace(/^\.\//, '');
    const text = files.get(path) ?? files.get(clean);
    if (text !== undefined) {
      sources.push({ name: path, text });
      continue;
    }
    const folder = clean === '.' || clean === '' ? '' : `${clean.replace(/\/+$/, '')}/`;
    const inside = [...files.keys()].filter((name) => name.startsWith(folder) && (call.flags.bool('recursive') || !name.slice(folder.length).includes('/')));
    if (inside.length === 0) errors.push(new CommandError(`the path ${JSON.stringify(path)} does not exist`));
    const manifests = inside.filter((name) => /\.(json|ya?ml)$/.test(name)).sort();
    if (inside.length > 0 && manifests.length === 0) errors.push(new CommandError(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`));
    for (const name of manifests) sources.push({ name, text: files.get(name)! });
  }
  return { sources, errors };
}

/** Every object in the files of -f. Errors of one document do not stop the others. */
export function readManifests(call: Call, paths: readonly string[]): { infos: Info[]; errors: Error[] } {
  const { sources, errors } = sourcesOf(call, paths);
  const infos: Info[] = [];
  for (const { name, text } of sources) {
    const parsed = documents(text);
    for (const document of parsed.documents) {
      for (const object of items(document)) {
        try {
          infos.push(manifestInfo(call, object, name));
        } catch (error) {
          errors.push(error as Error);
        }
      }
    }
    if (parsed.error) errors.push(new CommandError(`error parsing ${name}: ${parsed.error}`));
  }
  return { infos, errors };
}

function items(document: unknown): unknown[] {
  const object = document as Manifest;
  const isList = typeof object?.kind === 'string' && object.kind.endsWith('List') && Array.isArray(object.items);
  return isList ? object.items.flatMap(items) : [document];
}

const off = 'if you choose to ignore these errors, turn validation off with --validate=false';

function checkTypeMeta(call: Call, object: Manifest, source: string): void {
  const missing = [...(object.apiVersion ? [] : ['apiVersion not set']), ...(object.kind ? [] : ['kind not set'])];
  if (missing.length === 0) return;
  if (!/^(false|ignore)$/i.test(call.flags.string('validate'))) {
    throw new CommandError(`error validating ${JSON.stringify(source)}: error validating data: ${missing.length > 1 ? `[${missing.join(', ')}]` : missing[0]}; ${off}`);
  }
  const json = JSON.stringify(object);
  throw new CommandError(`unable to decode ${JSON.stringify(source)}: Object '${object.kind ? 'apiVersion' : 'Kind'}' is missing in '${json}'`);
}

function manifestInfo(call: Call, value: unknown, source: string): Info {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CommandError(`error validating ${JSON.stringify(source)}: error validating data: invalid object to validate; ${off}`);
  }
  const object = value as Manifest;
  checkTypeMeta(call, object, source);
  const [kind, apiVersion] = [String(object.kind), String(object.apiVersion)];
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
