// From what stands on the command line (`po,svc`, `deploy web`, `pod/web-1`, -f, -l) to objects.
import { deprecationWarning, isNotFound, type KubeObject, type Resource, StatusError } from '../api/index.ts';
import type { List } from '../client/types.ts';
import { CommandError, ManyErrors, wrapped } from './errors.ts';
import { readManifests } from './manifests.ts';
import { apiVersionOf, clientKind, findResource, infoOf, splitApiVersion, versionNamed } from './names.ts';
import type { Call, Info } from './session.ts';

export const mixedForms =
  "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";
export const nothingGiven = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

/** What the arguments name, before anything is asked of the server. */
export interface Wanted {
  /** Kinds of which all (or the selected) objects are meant. */
  kinds: Resource[];
  /** Single objects, in the order given. */
  named: { resource: Resource; name: string }[];
  /** API versions in which the kinds are wanted. */
  versions: ReadonlyMap<Resource, string>;
}

/** The row of a kind by any of its names. */
export function resourceNamed(call: Call, text: string): Resource {
  const found = findResource(text, call.version) ?? call.client.resource(text);
  if (!found) throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(text.split('.')[0])}`);
  const warning = deprecationWarning(apiVersionOf(found, call.version), found.kind, call.version);
  if (warning) call.out.warn(warning);
  return found;
}

const groupOrder = ['', 'apps', 'autoscaling', 'batch'];

/** A comma-separated list of kinds; `all` stands for the kinds of that category. */
function kindsOf(call: Call, text: string): Resource[] {
  const kinds: Resource[] = [];
  for (const word of text.split(',').filter(Boolean)) {
    const category = word === 'all' || word === 'api-extensions' ? call.resources.filter((row) => row.categories?.includes(word) && !row.discoveryOnly) : [];
    const place = ({ group, plural }: Resource) => `${groupOrder.indexOf(group) + 1 || 9}${plural}`;
    if (category.length > 0) kinds.push(...category.sort((a, b) => (place(a) < place(b) ? -1 : 1)));
    else kinds.push(resourceNamed(call, word));
  }
  return [...new Set(kinds)];
}

/** Reads arguments of the form TYPE[,TYPE] [NAME…] or TYPE/NAME…. */
export function wantedOf(call: Call, args: readonly string[]): Wanted {
  const wanted = namedBy(call, args);
  const words = args.flatMap((arg, i) => (arg.includes('/') ? [arg.split('/')[0]!] : i === 0 ? arg.split(',') : []));
  const versions = new Map<Resource, string>();
  for (const resource of [...wanted.kinds, ...wanted.named.map((one) => one.resource)]) {
    const word = words.find((text) => text.includes('.') && (findResource(text, call.version) ?? call.client.resource(text)) === resource);
    versions.set(resource, versionNamed(word ?? '', resource, call.version));
  }
  return { ...wanted, versions };
}

function namedBy(call: Call, args: readonly string[]): Omit<Wanted, 'versions'> {
  if (args.length === 0) return { kinds: [], named: [] };
  const slashes = args.filter((arg) => arg.includes('/'));
  if (slashes.length > 0) {
    if (slashes.length < args.length) throw new CommandError(mixedForms);
    return { kinds: [], named: args.flatMap((arg) => slashForm(call, arg)) };
  }
  const kinds = kindsOf(call, args[0]!);
  if (args.length === 1) return { kinds, named: [] };
  if (args[0]!.split(',').includes('all')) throw new CommandError('you must specify only one resource');
  return { kinds: [], named: kinds.flatMap((resource) => args.slice(1).map((name) => ({ resource, name }))) };
}

function slashForm(call: Call, arg: string): Wanted['named'] {
  const parts = arg.split('/');
  if (parts.length !== 2) throw new CommandError('arguments in resource/name form may not have more than one slash');
  const [type, name] = parts as [string, string];
  if (!type || !name) throw new CommandError('arguments in resource/name form must have a single resource and name');
  if (type.includes(',')) throw new CommandError('arguments in resource/name form must have a single resource and name');
  return [{ resource: resourceNamed(call, type), name }];
}

export interface ResolveOptions {
  args?: readonly string[];
  /** A missing object is no error. */
  ignoreNotFound?: boolean;
  /** Kinds without names mean all of their objects, as for `get`. */
  allowAll?: boolean;
  /** Do not ask the server for named objects and those of files. */
  local?: boolean;
  /** Read files as they are, but named objects from the server. */
  filesAsTheyAre?: boolean;
}

export interface Resolved {
  infos: Info[];
  errors: Error[];
  wanted: Wanted;
  /** Lists as the server answered, in the order of `wanted.kinds`. */
  lists: { resource: Resource; list: List<KubeObject> }[];
}

/** Finds everything that the flags -f, -l, --field-selector, --all and the arguments name. */
export function resolve(call: Call, { args = call.args, ignoreNotFound = false, allowAll = false, local = false, filesAsTheyAre = false }: ResolveOptions = {}): Resolved {
  const { flags } = call;
  const files = flags.list('filename').filter(Boolean);
  const selector = flags.string('selector');
  const fieldSelector = flags.string('field-selector');
  const all = allowAll || flags.bool('all');

  if (flags.list('kustomize').length > 0) throw new CommandError('kustomize is not part of this simulation: use -f with plain manifests');
  if (files.length > 0 && args.length > 0) throw new CommandError('when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well');
  const wanted = wantedOf(call, args);
  if (wanted.named.length > 0 && selector) throw new CommandError('name cannot be provided when a selector is specified');
  if (wanted.named.length > 0 && fieldSelector) throw new CommandError('name cannot be provided when a selector is specified');
  if (wanted.named.length > 0 && flags.bool('all')) throw new CommandError('name cannot be provided when a selector is specified');
  if (selector && flags.bool('all')) throw new CommandError('setting \'all\' parameter but found a non empty selector. ');
  if (files.length === 0 && args.length === 0) throw new CommandError(nothingGiven);
  if (wanted.kinds.length > 0 && !selector && !fieldSelector && !all) throw new CommandError('resource(s) were provided, but no name was specified');

  const infos: Info[] = [];
  const errors: Error[] = [];
  const lists: Resolved['lists'] = [];
  if (files.length > 0) {
    const read = readManifests(call, files);
    errors.push(...read.errors);
    for (const info of read.infos) {
      if (local || filesAsTheyAre) infos.push(info);
      else fetchInto(call, info, infos, errors, ignoreNotFound);
    }
  }
  for (const { resource, name } of wanted.named) {
    const info: Info = { resource, name, namespace: resource.namespaced ? call.namespace : '', apiVersion: wanted.versions.get(resource)! };
    if (resource.namespaced && flags.bool('all-namespaces')) throw new CommandError('a resource cannot be retrieved by name across all namespaces');
    if (local) infos.push(info);
    else fetchInto(call, info, infos, errors, ignoreNotFound);
  }
  for (const resource of wanted.kinds) {
    try {
      const namespace = resource.namespaced && !flags.bool('all-namespaces') ? { namespace: call.namespace } : {};
      const list = call.client.list(clientKind(resource), { ...namespace, ...(selector && { labelSelector: selector }), ...(fieldSelector && { fieldSelector }) });
      lists.push({ resource, list });
      for (const object of list.items) infos.push(infoOf(resource, object, 'schemaOf' in resource || wanted.versions.get(resource) !== apiVersionOf(resource, call.version) ? wanted.versions.get(resource) : undefined));
    } catch (error) {
      errors.push(listError(call, resource, error as Error));
    }
  }
  return { infos, errors, wanted, lists };
}

/** A refused list says what was asked for. */
function listError(call: Call, resource: Resource, error: Error): Error {
  if (!(error instanceof StatusError) || !['BadRequest', 'NotFound'].includes(error.reason)) return error;
  const { group, version } = splitApiVersion(apiVersionOf(resource, call.version));
  const what = JSON.stringify(`${group}/${version}, Resource=${resource.plural}`);
  const [labels, fields] = [call.flags.string('selector'), call.flags.string('field-selector')];
  const tried = labels || fields ? `Unable to find ${what} that match label selector ${JSON.stringify(labels)}, field selector ${JSON.stringify(fields)}` : `Unable to list ${what}`;
  return wrapped(error, tried);
}

function fetchInto(call: Call, info: Info, infos: Info[], errors: Error[], ignoreNotFound: boolean): void {
  try {
    infos.push({ ...info, object: fetchObject(call, info) });
  } catch (error) {
    const why = isNotFound(error) ? (missingNamespace(call, info) ?? error) : error;
    if (!(ignoreNotFound && isNotFound(why))) errors.push(why as Error);
  }
}

/** An object that is not there may lack even its namespace, which is what kubectl then names. */
function missingNamespace(call: Call, { namespace }: Info): unknown {
  if (!namespace || namespace === 'default') return undefined;
  try {
    call.client.get('Namespace', { name: namespace });
    return undefined;
  } catch (error) {
    return isNotFound(error) ? error : undefined;
  }
}

export function fetchObject(call: Call, { resource, namespace, name }: Pick<Info, 'resource' | 'namespace' | 'name'>): KubeObject {
  return call.client.get(clientKind(resource), resource.namespaced ? { namespace, name } : { name });
}

/** Like {@link fetchObject}, undefined when it is not there. */
export function lookUp(call: Call, info: Pick<Info, 'resource' | 'namespace' | 'name'>): KubeObject | undefined {
  try {
    return fetchObject(call, info);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Runs `act` on each; what fails is collected, the others still run. */
export function forEach<T>(items: readonly T[], errors: Error[], act: (item: T) => void): void {
  for (const item of items) {
    try {
      act(item);
    } catch (error) {
      if (error instanceof ManyErrors) errors.push(...error.errors);
      else errors.push(error as Error);
    }
  }
}
