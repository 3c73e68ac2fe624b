// What the words after a command name: kinds, names, or both in one (TYPE[,TYPE] [NAME…], TYPE/NAME…).
import { deprecationWarning, type Resource, servedVersions } from '../api/index.ts';
import { CommandError } from './errors.ts';
import { apiVersionOf, findResource, pluralName, versionNamed } from './names.ts';
import type { Call } from './session.ts';

export const mixedForms =
  "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";

/** The words, sorted out before anybody asks whether there are such kinds. */
export interface ArgumentForm {
  kinds: string[];
  /** Names of objects of the one kind. */
  names: string[];
  /** TYPE/NAME */
  tuples: { kind: string; name: string }[];
}

export function formOf(call: Call, args: readonly string[]): ArgumentForm {
  const words = several(args);
  const slashes = words.filter((word) => word.includes('/'));
  if (slashes.length > 0 && slashes.length < words.length) throw new CommandError(mixedForms);
  if (slashes.length > 0) return { kinds: [], names: [], tuples: words.map(tupleOf) };
  const [kinds, ...names] = words;
  return { kinds: kinds === undefined ? [] : kindWords(call, kinds), names, tuples: [] };
}

/** `pod,svc web` means pod/web and svc/web. */
function several([first, ...names]: readonly string[]): string[] {
  if (first === undefined) return [];
  const kinds = [...new Set(first.split(','))];
  return kinds.length > 1 && names.length > 0 ? kinds.flatMap((kind) => names.map((name) => `${kind}/${name}`)) : [first, ...names];
}

function tupleOf(word: string): { kind: string; name: string } {
  const [kind, name, ...more] = word.split('/');
  if (more.length > 0) throw new CommandError('arguments in resource/name form may not have more than one slash');
  if (!kind || !name || kind.includes(',')) throw new CommandError('arguments in resource/name form must have a single resource and name');
  return { kind, name };
}

const groupOrder = ['', 'apps', 'autoscaling', 'batch'];

/** A comma-separated list of kinds; `all` stands for the kinds of that category. */
function kindWords(call: Call, text: string): string[] {
  const place = ({ group, plural }: Resource) => `${groupOrder.indexOf(group) + 1 || 9}${plural}`;
  const expanded = text.split(',').flatMap((word) => {
    const category = word === 'all' || word === 'api-extensions' ? call.resources.filter((row) => row.categories?.includes(word) && !row.discoveryOnly) : [];
    if (category.length === 0) return [word];
    return category.sort((a, b) => (place(a) < place(b) ? -1 : 1)).map(({ plural, group }) => (group ? `${plural}.${group}` : plural));
  });
  return [...new Set(expanded)];
}

/** What the words name. */
export interface Wanted {
  /** Kinds of which all (or the selected) objects are meant. */
  kinds: Resource[];
  /** Single objects, in the order given. */
  named: { resource: Resource; name: string }[];
  /** API versions in which the kinds are wanted. */
  versions: ReadonlyMap<Resource, string>;
}

/** Finds the kinds of a form. */
export function wantedOf(call: Call, { kinds, names, tuples }: ArgumentForm): Wanted {
  const versions = new Map<Resource, string>();
  const find = (word: string) => {
    const resource = resourceNamed(call, word);
    if (!versions.has(resource) || word.includes('.')) versions.set(resource, versionNamed(word, resource, call.version));
    return resource;
  };
  const found = [...new Set(kinds.map(find))];
  if (names.length > 0) return { kinds: [], named: names.map((name) => ({ resource: found[0]!, name })), versions };
  return { kinds: found, named: tuples.map(({ kind, name }) => ({ resource: find(kind), name })), versions };
}

/** The row of a kind by any of its names. */
export function resourceNamed(call: Call, text: string): Resource {
  const found = text ? (findResource(text, call.version) ?? call.client.resource(text)) : undefined;
  if (!found) throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(text.split('.')[0])}`);
  warnOfShortName(call, text, found);
  const warning = deprecationWarning(apiVersionOf(found, call.version), found.kind, call.version);
  if (warning) call.out.warn(warning);
  return found;
}

/** A short name may be another kind's, too. */
export function warnOfShortName(call: Call, text: string, found: Resource): void {
  if (!call.version.has('short-name-warning') || !found.shortNames?.includes(text)) return;
  for (const other of call.resources.filter((row) => row !== found && row.shortNames?.includes(text) && servedVersions(row, call.version).length > 0)) {
    const warning = `short name ${JSON.stringify(text)} could also match lower priority resource ${pluralName(other)}`;
    if (!call.out.text('stderr').includes(warning)) call.out.warn(warning);
  }
}
