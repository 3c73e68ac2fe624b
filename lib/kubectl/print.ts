// -o: how objects are printed where it is no table.
import { type KubeObject, prettyGoText } from '../api/index.ts';
import { parseColumns, printColumns } from './custom-columns.ts';
import { CommandError } from './errors.ts';
import { goTemplate } from './go-template/index.ts';
import { goJson, goSyntax } from './go-text.ts';
import { evaluate, JsonPathError, parseTemplate, valuesOf } from './jsonpath/index.ts';
import { slashName } from './names.ts';
import type { Call, Info } from './session.ts';
import { printYaml } from './yaml/print.ts';

/** Formats whose template stands in a file. */
const fromFile: Record<string, string> = { 'go-template-file': 'go-template', templatefile: 'go-template', 'jsonpath-file': 'jsonpath', 'custom-columns-file': 'custom-columns' };

function templateFile(call: Call, { format, path }: { format: string; path: string }): string {
  const text = call.options.files?.get(path) ?? call.options.files?.get(path.replace(/^\.\//, ''));
  if (text === undefined) throw new CommandError(`error reading ${format === 'custom-columns-file' ? 'template' : '--template'} ${path}, open ${path}: no such file or directory`);
  if (format !== 'custom-columns-file') return text;
  // Headers in the first line, expressions below them.
  const [headers = [], paths = []] = text.trim().split('\n').map((line) => line.trim().split(/\s+/));
  return headers.map((header, i) => `${header}:${paths[i] ?? ''}`).join(',');
}

/** Splits `jsonpath={.x}` into the format and what belongs to it. */
export function outputFormat(call: Call): { format: string; template: string } {
  const output = call.flags.string('output');
  const at = output.indexOf('=');
  const written = at < 0 ? output : output.slice(0, at);
  const given = at < 0 ? call.flags.string('template') : output.slice(at + 1);
  const format = fromFile[written] ?? (/^(json|yaml|name)$/i.test(written) ? written.toLowerCase() : written);
  const template = written in fromFile && given ? templateFile(call, { format: written, path: given }) : given;
  return { format: format || (template ? 'go-template' : ''), template };
}

/** Managed fields are kept out of sight unless asked for. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  if (!object.metadata?.managedFields) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const formats = ['custom-columns', 'custom-columns-file', 'go-template', 'go-template-file', 'json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'name', 'template', 'templatefile', 'wide', 'yaml'];
/** Only `get` prints tables. */
const tables = ['custom-columns', 'custom-columns-file', 'wide'];

function unknownFormat(format: string, allowed: readonly string[]): Error {
  return new CommandError(`unable to match a printer suitable for the output format ${JSON.stringify(format)}, allowed formats are: ${allowed.join(',')}`);
}

/** `-o yaml=x` is no format. */
function exact(call: Call, allowed: readonly string[]): void {
  const output = call.flags.string('output');
  if (output.includes('=')) throw unknownFormat(output, allowed);
}

/** A printer of one object (or list) for -o; undefined for the formats that are tables. */
export function objectPrinter(call: Call): ((object: KubeObject | Record<string, unknown>) => string) | undefined {
  const { format, template } = outputFormat(call);
  switch (format) {
    case '':
    case 'wide':
    case 'name':
    case 'custom-columns':
      return undefined;
    case 'json':
      exact(call, formats);
      return (object) => `${goJson(object, '    ')}\n`;
    case 'yaml':
      exact(call, formats);
      return printYaml;
    case 'jsonpath':
    case 'jsonpath-as-json':
      return jsonPathPrinter(template, format === 'jsonpath-as-json');
    case 'go-template':
    case 'template':
      return (object) => goTemplate(template, object);
    default:
      throw unknownFormat(format, formats);
  }
}

/** The printer of a command that knows no tables, but names. Undefined without -o. */
export function objectsPrinter(call: Call, { nameOf, json = typedJson }: { nameOf(object: KubeObject): string; json?(object: KubeObject): string }): ((object: KubeObject) => string) | undefined {
  const { format } = outputFormat(call);
  const allowed = formats.filter((one) => !tables.includes(one));
  if (format && !allowed.includes(format)) throw unknownFormat(call.flags.string('output'), allowed);
  if (format === 'name') return nameOf;
  return format === 'json' ? json : objectPrinter(call);
}

function jsonPathPrinter(template: string, asJson: boolean) {
  if (!template) throw new CommandError('template format specified but no template given');
  let nodes: ReturnType<typeof parseTemplate>;
  try {
    nodes = parseTemplate(template);
  } catch (error) {
    if (error instanceof JsonPathError) throw new CommandError(`error parsing jsonpath ${template}, ${error.message}`);
    throw error;
  }
  return (object: unknown) => {
    return asJson ? `${goJson(valuesOf(nodes, object), '    ')}\n` : executed(template, nodes, object);
  };
}

function executed(template: string, nodes: ReturnType<typeof parseTemplate>, object: unknown): string {
  try {
    return evaluate(nodes, object);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    const more = `\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n`;
    throw new CommandError(`error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${error.message}. Printing more information for debugging the template:\n${more}`);
  }
}

export { parseColumns, printColumns };

const typedJson = (object: KubeObject) => `${prettyGoText(object, 4)}\n`;

/** Prints what a changing command did: `deployment.apps/web created`, or the object when -o says so. */
export class Reporter {
  #call: Call;
  #print: ((object: KubeObject) => string) | undefined;
  #documents = 0;
  #together: KubeObject[] | undefined;

  /** `typed`: the command holds its objects in Go's types, and JSON shows fields in their order. `together`: objects are shown at the end, several as one list. */
  constructor(call: Call, { typed = false, together = false } = {}) {
    this.#call = call;
    this.#together = together ? [] : undefined;
    dryRun(call);
    const output = call.flags.string('output');
    const { format } = outputFormat(call);
    const others = formats.filter((one) => !tables.includes(one));
    if (format && !others.includes(format)) throw unknownFormat(output, others);
    this.#print = typed && format === 'json' ? typedJson : objectPrinter(call) as ((object: KubeObject) => string) | undefined;
  }

  /** `quiet` leaves out that it was a dry run, as the commands do that name their deed late. */
  report(info: Info, done: string, object: KubeObject | undefined = info.object, { quiet = false } = {}): void {
    const { format } = outputFormat(this.#call);
    const dry = this.#call.flags.has('dry-run') ? dryRun(this.#call) : 'none';
    const note = quiet ? '' : dry === 'client' ? ' (dry run)' : dry === 'server' ? ' (server dry run)' : '';
    if (this.#print && object && this.#together) this.#together.push(withoutManagedFields(object));
    else if (this.#print && object) {
      if (format === 'yaml' && this.#documents++ > 0) this.#call.out.write('---\n');
      this.#call.out.write(this.#print(withoutManagedFields(object)));
    } else if (format === 'name') this.#call.out.line(slashName(info));
    else this.#call.out.line(`${slashName(info)} ${done}${note}`);
  }

  /** Shows what was kept for the end. */
  flush(): void {
    const objects = this.#together ?? [];
    if (objects.length === 1) this.#call.out.write(this.#print!(objects[0]!));
    if (objects.length > 1) this.#call.out.write((outputFormat(this.#call).format === 'json' ? typedJson : this.#print!)({ kind: 'List', apiVersion: 'v1', metadata: {}, items: objects } as never));
  }

  /** Between two objects that one command makes (`run --expose`). */
  separate(): void {
    if (outputFormat(this.#call).format === 'yaml') this.#call.out.write('---\n');
  }
}

export type DryRun = 'none' | 'client' | 'server';

/** The value of --dry-run. */
export function dryRun(call: Call): DryRun {
  const value = call.flags.has('dry-run') ? call.flags.string('dry-run') : 'none';
  if (value === 'none' || value === 'client' || value === 'server') return value;
  if (value === 'unchanged') return 'client';
  throw new CommandError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}
