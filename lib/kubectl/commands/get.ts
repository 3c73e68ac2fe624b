import { deprecationWarning, goText, inApiVersion, type KubeObject, type Resource, StatusError } from '../../api/index.ts';
import { CommandError, throwAll, UsageError } from '../errors.ts';
import { bool, int, list, string } from '../flags.ts';
import { valuesAt } from '../jsonpath/index.ts';
import { clientKind, kindName, slashName } from '../names.ts';
import { compareValues, printTable, type TableOptions } from '../print-table.ts';
import { objectPrinter, outputFormat, parseColumns, printColumns, withoutManagedFields } from '../print.ts';
import { resolve, type Resolved } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { endlessly } from '../time.ts';
import { subresourcesOf } from './get-subresource.ts';

export const get: Command = {
  name: 'get',
  short: 'Display one or many resources',
  usage: '[(-o|--output=)json|yaml|name|wide|jsonpath=…|custom-columns=…] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  flags: [
    string('output', 'o'),
    string('template'),
    string('selector', 'l'),
    string('field-selector'),
    bool('all-namespaces', 'A'),
    list('filename', 'f'),
    list('kustomize', 'k'),
    bool('recursive', 'R'),
    bool('show-labels'),
    list('label-columns', 'L'),
    string('sort-by'),
    bool('no-headers'),
    bool('watch', 'w'),
    bool('watch-only'),
    bool('output-watch-events'),
    bool('ignore-not-found'),
    bool('show-kind'),
    bool('show-managed-fields'),
    bool('allow-missing-template-keys', undefined, 'true'),
    bool('server-print', undefined, 'true'),
    int('chunk-size', '500'),
    string('raw'),
    string('subresource'),
  ],
  run(call) {
    const { flags } = call;
    if (flags.has('raw')) {
      if (call.args.length > 0) throw new CommandError('arguments may not be passed when --raw is specified');
      return raw(call);
    }
    if (call.args.length === 0 && flags.list('filename').length === 0) throw nothingAsked(call);
    if (flags.bool('output-watch-events') && !flags.bool('watch') && !flags.bool('watch-only')) throw new CommandError('--output-watch-events option can only be used with --watch or --watch-only');
    const output = flags.string('output');
    if (flags.bool('show-labels') && output !== '' && output !== 'wide') throw new CommandError(`--show-labels option cannot be used with ${output} printer`);
    const { format, template } = outputFormat(call);
    if (format === 'custom-columns') parseColumns(template);
    objectPrinter(call);
    if (flags.bool('watch') || flags.bool('watch-only')) return watch(call);

    const resolved = resolve(call, { allowAll: true, ignoreNotFound: flags.bool('ignore-not-found') });
    const infos = sorted(call, subresourcesOf(call, resolved.infos));
    warnOfFiles(call, infos);
    const print = objectPrinter(call);
    const nothing = infos.length === 0 && (resolved.errors.length > 0 || flags.bool('ignore-not-found'));
    if (print) printObjects(call, resolved, infos, print as (object: unknown) => string);
    else if (!nothing) printTables(call, infos, showsKinds(call, resolved));
    const human = format === '' || format === 'wide';
    if (infos.length === 0 && resolved.errors.length === 0 && !flags.bool('ignore-not-found') && human) {
      call.out.error(nothingFound(call, resolved.wanted.kinds));
    }
    throwAll(resolved.errors);
  },
};

function raw(call: Call): void {
  if (!call.options.raw) throw new CommandError('--raw is not wired to a server here');
  const { code, body } = call.options.raw(call.flags.string('raw'));
  if (code < 400) return call.out.write(typeof body === 'string' ? body : goText(body as object));
  if (typeof body === 'string' && code >= 500) throw new StatusError('InternalError', code, `an error on the server (${JSON.stringify(body.trimEnd())}) has prevented the request from succeeding`);
  const { kind, reason, message } = body as { kind?: string; reason: string; message: string };
  throw kind === 'Status' ? new StatusError(reason, code, message) : new StatusError('NotFound', code, 'the server could not find the requested resource');
}

function nothingAsked(call: Call): Error {
  call.out.error('You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n');
  return new UsageError('Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).', call.command);
}

function nothingFound(call: Call, kinds: readonly Resource[]): string {
  const namespaced = kinds.length > 0 && kinds.every((kind) => kind.namespaced);
  return namespaced && !call.flags.bool('all-namespaces') ? `No resources found in ${call.namespace} namespace.` : 'No resources found';
}

/** Names carry their kind when more than one kind was asked for. */
function showsKinds(call: Call, { wanted, infos }: Resolved): boolean {
  if (call.flags.bool('show-kind') || wanted.kinds.length > 1) return true;
  return new Set(infos.map(({ resource }) => resource)).size > 1;
}

/** Objects of files are asked for in the API version of the file. */
function warnOfFiles(call: Call, infos: readonly Info[]): void {
  for (const { source, apiVersion, resource } of infos) {
    const warning = source === undefined ? '' : deprecationWarning(apiVersion, resource.kind, call.version);
    if (warning) call.out.warn(warning);
  }
}

function sorted(call: Call, infos: Info[]): Info[] {
  const field = call.flags.string('sort-by');
  if (!field) return infos;
  const values = new Map(infos.map((info) => [info, valuesAt(info.object, field)[0]]));
  if (infos.length > 0 && [...values.values()].every((value) => value === undefined)) {
    // Rows of a table that lack the field are left out without a word.
    const { format } = outputFormat(call);
    if (format === '' || format === 'wide') return [];
    throw new CommandError(`couldn't find any field with path "${field.startsWith('{') ? field : `{${field}}`}" in the list of objects`);
  }
  return [...infos].sort((a, b) => compareValues(values.get(a), values.get(b)));
}

function printObjects(call: Call, { wanted }: Resolved, infos: Info[], print: (object: unknown) => string): void {
  const { format, template } = outputFormat(call);
  // Only JSON and YAML keep managed fields out of sight; a template shows what it names.
  const keepFields = call.flags.bool('show-managed-fields') || (format !== 'json' && format !== 'yaml' && template.includes('managedFields'));
  const objects = infos.map(({ resource, object: found, apiVersion }) => ({ object: inApiVersion(resource, found!, apiVersion) })).map(({ object }) => (keepFields ? call.client.withManagedFields(object) : withoutManagedFields(object)));
  const single = wanted.kinds.length === 0 && wanted.named.length <= 1 && infos.length === 1;
  if (single) return call.out.write(print(objects[0]!));
  if (wanted.kinds.length === 0 && infos.length === 0) return;
  call.out.write(print({ apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } }));
}

function tableOptions(call: Call, withKind: boolean): TableOptions {
  const { flags } = call;
  return {
    now: call.now(),
    version: call.version,
    wide: flags.string('output') === 'wide',
    noHeaders: flags.bool('no-headers'),
    withKind,
    showLabels: flags.bool('show-labels'),
    labelColumns: flags.list('label-columns'),
  };
}

/** One table for each run of objects of one kind. */
function printTables(call: Call, infos: readonly Info[], withKind: boolean): void {
  const { format, template } = outputFormat(call);
  if (format === 'name') {
    for (const info of infos) call.out.line(slashName(info));
    return;
  }
  if (format === 'custom-columns') return call.out.write(printColumns(parseColumns(template), infos.map(({ object }) => object!), call.flags.bool('no-headers')));
  for (let from = 0; from < infos.length; ) {
    const { resource, apiVersion } = infos[from]!;
    let to = from;
    while (to < infos.length && infos[to]!.resource === resource && infos[to]!.apiVersion === apiVersion) to++;
    if (from > 0) call.out.write('\n');
    const options = { ...tableOptions(call, withKind), withNamespace: call.flags.bool('all-namespaces') && (resource.namespaced || withKind) };
    // A built-in kind is printed from what is stored, whatever version was asked for; a custom one has columns for each version.
    const { printedIn } = resource;
    const objects = infos.slice(from, to).map(({ object }) => (printedIn ? inApiVersion(resource, object!, apiVersion) : object!));
    call.out.write(printTable(printedIn ? { ...resource, ...printedIn(apiVersion) } : resource, objects, options));
    from = to;
  }
}

/** The rows that are there, then a row for each change while time passes. */
function watch(call: Call): void {
  const { flags } = call;
  if (flags.string('sort-by')) call.out.warn('--watch requested, --sort-by will be ignored');
  const resolved = resolve(call, { allowAll: true });
  throwAll(resolved.errors);
  const { wanted, infos } = resolved;
  const kinds = [...wanted.kinds, ...new Set(wanted.named.map(({ resource }) => resource))];
  if (kinds.length !== 1 || wanted.named.length > 1) throw new CommandError('you may only specify a single resource type');
  const resource = kinds[0]!;
  const print = objectPrinter(call);
  const widths: number[] = [];
  let printed = false;
  const show = (objects: readonly KubeObject[]) => {
    if (objects.length === 0) return;
    if (print) for (const object of objects) call.out.write(print(withoutManagedFields(object)));
    else if (flags.string('output') === 'name') for (const { metadata } of objects) call.out.line(`${kindName(resource)}/${metadata.name}`);
    else call.out.write(printTable(resource, objects, { ...tableOptions(call, flags.bool('show-kind')), now: call.now(), withNamespace: flags.bool('all-namespaces') && resource.namespaced, noHeaders: printed || flags.bool('no-headers'), widths }));
    printed = true;
  };
  const name = wanted.named[0]?.name;
  const selector = flags.string('selector');
  const fieldSelector = [flags.string('field-selector'), ...(name ? [`metadata.name=${name}`] : [])].filter(Boolean).join(',');
  const watcher = call.client.watch(clientKind(resource), {
    ...(resource.namespaced && !flags.bool('all-namespaces') && { namespace: call.namespace }),
    ...(selector && { labelSelector: selector }),
    ...(fieldSelector && { fieldSelector }),
    resourceVersion: resolved.lists[0]?.list.metadata.resourceVersion ?? infos[0]?.object?.metadata.resourceVersion,
  });
  if (!flags.bool('watch-only')) show(infos.map(({ object }) => object!));
  endlessly(call, () => {
    for (const { type, object } of watcher.read()) if (type !== 'BOOKMARK') show([object]);
  });
  watcher.stop();
}
