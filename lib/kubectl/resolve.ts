// From what stands on the command line (`po,svc`, `deploy web`, `pod/web-1`, -f, -l) to objects, as cli-runtime's builder does.
import { isNotFound, type KubeObject, parseSelector, type Resource, StatusError } from '../api/index.ts';
import type { List } from '../client/types.ts';
import { type ArgumentForm, formOf, type Wanted, wantedOf } from './arguments.ts';
import { CommandError, ManyErrors, wrapped } from './errors.ts';
import { readManifests } from './manifests.ts';
import { apiVersionOf, clientKind, infoOf, splitApiVersion } from './names.ts';
import type { Call, Info } from './session.ts';

export const nothingGiven = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

export interface ResolveOptions {
  args?: readonly string[];
  /** A missing object is no error. */
  ignoreNotFound?: boolean;
  /** Kinds without names mean all of their objects, as for `get`. */
  allowAll?: boolean;
  /** What --all means: every object, whatever else is named, or (`allowed`) only that a kind alone may stand for all. */
  all?: 'selects' | 'allowed';
  /** Do not ask the server for named objects and those of files. */
  local?: boolean;
  /** Read files as they are, but named objects from the server. */
  filesAsTheyAre?: boolean;
}

export interface Resolved {
  infos: Info[];
  errors: Error[];
  /** Both, in the order in which they were found. */
  found: (Info | Error)[];
  wanted: Wanted;
  /** Lists as the server answered, in the order of `wanted.kinds`. */
  lists: { resource: Resource; list: List<KubeObject> }[];
}

/** Finds everything that the flags -f, -l, --field-selector, --all and the arguments name. */
export function resolve(call: Call, options: ResolveOptions = {}): Resolved {
  const { flags } = call;
  const files = flags.list('filename').filter(Boolean);
  const [selector, fieldSelector] = [flags.string('selector'), flags.string('field-selector')];
  if (flags.list('kustomize').length > 0) throw new CommandError('kustomize is not part of this simulation: use -f with plain manifests');
  const all = flags.bool('all') && options.all !== 'allowed';
  if (all && (selector || fieldSelector)) throw new CommandError("setting 'all' parameter but found a non empty selector. ");
  const form = formOf(call, options.args ?? call.args);
  const everything = all || ((options.allowAll === true || flags.bool('all')) && form.kinds.length > 0 && form.names.length === 0 && form.tuples.length === 0);
  if (files.length > 0) return fromFiles(call, form, { files, selector, ...options });
  if (selector || fieldSelector || everything) return bySelector(call, form, { labelSelector: selector, fieldSelector });
  return byName(call, form, options);
}

class Finding implements Resolved {
  found: Resolved['found'] = [];
  lists: Resolved['lists'] = [];
  constructor(readonly wanted: Wanted = { kinds: [], named: [], versions: new Map() }) {}

  get infos(): Info[] {
    return this.found.filter((one) => !(one instanceof Error)) as Info[];
  }
  get errors(): Error[] {
    return this.found.filter((one) => one instanceof Error) as Error[];
  }
}

/** What a result holds, as lists that a command may add to. */
const settled = ({ infos, errors, found, wanted, lists }: Finding): Resolved => ({ infos, errors, found, wanted, lists });

function fromFiles(call: Call, { kinds, names, tuples }: ArgumentForm, { files, selector, local, filesAsTheyAre, ignoreNotFound = false }: ResolveOptions & { files: string[]; selector: string }): Resolved {
  if (kinds.length > 0) throw new CommandError('when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well');
  if (names.length > 0) throw new CommandError('name cannot be provided when a path is specified');
  if (tuples.length > 0) throw new CommandError('resource/name arguments cannot be provided when a path is specified');
  const chosen = selectorFor(selector);
  const finding = new Finding();
  for (const one of readManifests(call, files)) {
    const latest = one instanceof Error || local || filesAsTheyAre ? one : fetched(call, one, ignoreNotFound);
    if (latest instanceof Error || (latest && chosen.matches(latest.object?.metadata?.labels ?? {}))) finding.found.push(latest);
  }
  return settled(finding);
}

function selectorFor(text: string): ReturnType<typeof parseSelector> {
  try {
    return parseSelector(text);
  } catch (error) {
    throw new CommandError(`the provided selector ${JSON.stringify(text)} is not valid: ${(error as Error).message}`);
  }
}

function bySelector(call: Call, form: ArgumentForm, { labelSelector, fieldSelector }: { labelSelector: string; fieldSelector: string }): Resolved {
  if (form.names.length > 0) throw new CommandError('name cannot be provided when a selector is specified');
  if (form.tuples.length > 0) throw new CommandError('selectors and the all flag cannot be used when passing resource/name arguments');
  if (form.kinds.length === 0) throw new CommandError('at least one resource must be specified to use a selector');
  const finding = new Finding(wantedOf(call, form));
  const { kinds, versions } = finding.wanted;
  for (const resource of kinds) {
    try {
      const namespace = resource.namespaced && !call.flags.bool('all-namespaces') ? { namespace: call.namespace } : {};
      const list = call.client.list(clientKind(resource), { ...namespace, ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) });
      finding.lists.push({ resource, list });
      for (const object of list.items) finding.found.push(infoOf(resource, object, 'schemaOf' in resource || versions.get(resource) !== apiVersionOf(resource, call.version) ? versions.get(resource) : undefined));
    } catch (error) {
      finding.found.push(listError(call, resource, error as Error));
    }
  }
  return settled(finding);
}

function byName(call: Call, form: ArgumentForm, { local, ignoreNotFound = false }: ResolveOptions): Resolved {
  const { kinds, names, tuples } = form;
  if (names.length > 0 && kinds.length > 1) throw new CommandError('you must specify only one resource');
  if (names.length + tuples.length === 0 && kinds.length === 0) throw new CommandError(nothingGiven);
  const finding = new Finding(wantedOf(call, form));
  if (names.length + tuples.length === 0) throw new CommandError('resource(s) were provided, but no name was specified');
  for (const { resource, name } of finding.wanted.named) {
    if (resource.namespaced && call.flags.bool('all-namespaces')) throw new CommandError('a resource cannot be retrieved by name across all namespaces');
    const info: Info = { resource, name, namespace: resource.namespaced ? call.namespace : '', apiVersion: finding.wanted.versions.get(resource)! };
    const one = local ? info : fetched(call, info, ignoreNotFound);
    if (one) finding.found.push(one);
  }
  return settled(finding);
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

function fetched(call: Call, info: Info, ignoreNotFound: boolean): Info | Error | undefined {
  try {
    return { ...info, object: fetchObject(call, info) };
  } catch (error) {
    const why = isNotFound(error) ? (missingNamespace(call, info) ?? error) : error;
    return ignoreNotFound && isNotFound(why) ? undefined : (why as Error);
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
export function forEach<T>(items: readonly (T | Error)[], errors: Error[], act: (item: T) => void): void {
  for (const item of items) {
    try {
      if (item instanceof Error) throw item;
      act(item);
    } catch (error) {
      if (error instanceof ManyErrors) errors.push(...error.errors);
      else errors.push(error as Error);
    }
  }
}
