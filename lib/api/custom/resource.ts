// A row of the table of kinds that follows its definition: what the definition says now is what the row says.
import { since } from '../duration.ts';
import { type FieldError, invalid } from '../field-error.ts';
import { setGeneration } from '../kinds/checks.ts';
import { equal } from '../object.ts';
import { type Column, type Context, type Resource, type ServedVersion, type Strategy, type Subresource } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import type { DefinitionVersion, PrinterColumn } from './definition-checks.ts';
import { embeddedErrors } from './embedded.ts';
import { valuesAt } from './json-path.ts';
import { listKeyErrors } from './list-keys.ts';
import { ruleErrors } from './rules.ts';
import { type SchemaProps, someSchema } from './schema-props.ts';
import { defaulted, pruned, withoutNulls } from './shape-value.ts';
import { schemaErrors } from './validate-value.ts';

export interface CustomResource extends Resource {
  /** The schema in an API version, `example.com/v1`. */
  schemaOf(apiVersion: string): SchemaProps | undefined;
  /** Where a scale reads and writes its numbers. */
  scale: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string } | undefined;
  /** The revision at which somebody began to watch: what was before is not known. */
  since: number;
  /** Unknown fields are kept (`spec.preserveUnknownFields` of v1beta1). */
  preserves: boolean;
}

/** Verbs in the order in which definitions are discovered. */
const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const ofStatus = ['get', 'patch', 'update'];

/** Which version a client shall take: stable before beta before alpha, newer before older. */
export function byPreference(a: string, b: string): number {
  const parts = (name: string) => /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(name);
  const [x, y] = [parts(a), parts(b)];
  if (!x || !y) return x ? -1 : y ? 1 : a < b ? -1 : 1;
  const rank = { beta: 1, alpha: 0 };
  const level = (found: RegExpExecArray) => rank[found[2] as 'beta' | 'alpha'] ?? 2;
  return level(y) - level(x) || Number(y[1]) - Number(x[1]) || Number(y[3] ?? 0) - Number(x[3] ?? 0);
}

export interface Behind {
  /** The definition as it is stored now. */
  definition(): KubeObject;
  /** Whether its names were accepted. */
  served(): boolean;
  /** Asks a webhook what an object is in another version. */
  convert(object: KubeObject, apiVersion: string): KubeObject;
}

export function customResource({ definition, served, convert }: Behind, since = 0): CustomResource {
  const spec = () => definition().spec;
  const names = () => definition().status?.acceptedNames ?? spec().names;
  const all = (): DefinitionVersion[] => spec().versions;
  const storage = () => all().find((one) => one.storage) ?? all()[0]!;
  const versionOf = (name: string | undefined) => all().find((one) => one.name === name) ?? storage();
  const byWebhook = () => spec().conversion?.strategy === 'Webhook';
  // Differs from Kubernetes: what a webhook has converted is checked as it is stored, there as it was sent.
  const asked = ({ requested }: Context) => (byWebhook() ? storage() : versionOf(requested));
  const lastOf = (apiVersion: string) => apiVersion.slice(apiVersion.lastIndexOf('/') + 1);
  const row: CustomResource = {
    get kind() {
      return names().kind || spec().names.kind;
    },
    get listKind() {
      return names().listKind || spec().names.listKind;
    },
    group: spec().group,
    plural: spec().names.plural,
    get singular() {
      return names().singular || spec().names.singular;
    },
    get shortNames() {
      return names().shortNames;
    },
    get categories() {
      return names().categories;
    },
    namespaced: spec().scope === 'Namespaced',
    get versions(): ServedVersion[] {
      return served() ? all().filter((one) => one.served).map(({ name }) => ({ version: name })).sort((a, b) => byPreference(a.version, b.version)) : [];
    },
    etcdPath: `${spec().group}/${spec().names.plural}`,
    verbs,
    get subresources(): Subresource[] {
      const having = (name: 'status' | 'scale') => all().filter((one) => one.subresources?.[name]).map((one) => one.name);
      const [status, scale] = [having('status'), having('scale')];
      return [
        ...(status.length > 0 ? [{ name: 'status' as const, verbs: ofStatus, apiVersions: status }] : []),
        ...(scale.length > 0 ? [{ name: 'scale' as const, verbs: ofStatus, apiVersions: scale, kind: 'Scale', group: 'autoscaling', version: 'v1' }] : []),
      ];
    },
    get storedAs() {
      return `${spec().group}/${storage().name}`;
    },
    schemaOf: (apiVersion) => versionOf(lastOf(apiVersion)).schema?.openAPIV3Schema,
    get scale() {
      return storage().subresources?.scale as CustomResource['scale'];
    },
    since,
    get preserves() {
      return spec().preserveUnknownFields === true;
    },
    convert(object, apiVersion) {
      const shapedAs = (one: KubeObject) => shaped(one, versionOf(lastOf(one.apiVersion)).schema?.openAPIV3Schema, row.preserves);
      if (!byWebhook() || !object.apiVersion || object.apiVersion === apiVersion) return shapedAs({ ...object, apiVersion });
      return shapedAs(convert(shapedAs(object), apiVersion));
    },
    get columns(): Column[] {
      return columnsIn(storage());
    },
    cells: (object, now) => cellsIn(storage(), object, now),
    printedIn(apiVersion) {
      const version = versionOf(lastOf(apiVersion));
      return { columns: columnsIn(version), cells: (object, now) => cellsIn(version, object, now) };
    },
    strategy: strategyOf({ schemaOf: (context) => asked(context).schema?.openAPIV3Schema, subresourcesOf: (context) => asked(context).subresources, preserves: () => spec().preserveUnknownFields === true }),
  };
  return row;
}

const ageColumn: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
const columnsOf = ({ additionalPrinterColumns: columns }: DefinitionVersion): PrinterColumn[] => (columns?.length ? columns : [ageColumn]);

const columnsIn = (version: DefinitionVersion): Column[] => [{ name: 'Name', type: 'string', format: 'name' }, ...columnsOf(version).map(({ name, type, format, priority, description }) => ({ name, type, format, priority, description }) as Column)];
const cellsIn = (version: DefinitionVersion, object: KubeObject, now: number) => [object.metadata.name, ...columnsOf(version).map((column) => cell(column, object, now))];

function cell({ type, jsonPath }: PrinterColumn, object: KubeObject, now: number): string | number | boolean | null {
  const [value] = valuesAt(object, jsonPath);
  if (value === undefined) return null;
  if (type === 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (type === 'date') return typeof value === 'string' ? (Number.isNaN(Date.parse(value)) ? '<invalid>' : since(value, now)) : null;
  if (type === 'boolean') return typeof value === 'boolean' ? value : null;
  if (typeof value !== 'number') return null;
  return type === 'integer' ? Math.trunc(value) : value;
}

const blocking = new Set(['FieldValueRequired', 'FieldValueTooLong', 'FieldValueTooMany']);

interface Definition {
  schemaOf(context: Context): SchemaProps | undefined;
  subresourcesOf(context: Context): DefinitionVersion['subresources'];
  preserves(): boolean;
}

function strategyOf({ schemaOf, subresourcesOf, preserves }: Definition): Strategy {
  const shape = (draft: KubeObject, context: Context) => replace(draft, shaped(draft, schemaOf(context), preserves()));
  const check = (object: KubeObject, context: Context) => {
    const schema = schemaOf(context);
    return [...(schema ? schemaErrors(schema, object, { version: context.version }) : []), ...scaleErrors(object, subresourcesOf(context)?.scale)];
  };
  const inside = (object: KubeObject, context: Context, old?: KubeObject) => {
    const schema = schemaOf(context);
    const lists = old && listKeyErrors(schema, old).length > 0 ? [] : listKeyErrors(schema, object);
    return [...embeddedErrors(schema, object), ...lists];
  };
  const ruled = (object: KubeObject, context: Context, { errors, old }: { errors: FieldError[]; old?: KubeObject }) => {
    const schema = schemaOf(context);
    // Rules would meet values that are not what they were written for.
    const blocked = someSchema(schema, (one) => one['x-kubernetes-validations'] !== undefined) && errors.some(({ type, message }) => blocking.has(type) || message.includes(' must be of type '));
    if (blocked && context.version.has('crd-validation-rules')) return [...errors, invalid('<nil>', null, 'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation')];
    return [...errors, ...ruleErrors(schema, object, { old, version: context.version })];
  };
  return {
    generation: false,
    checksFinalizers: false,
    allowUnconditionalUpdate: false,
    defaults: shape,
    prepareForCreate(draft, context) {
      if (subresourcesOf(context)?.status) delete draft.status;
      setGeneration(draft, 1);
    },
    prepareForUpdate(draft, old, context) {
      if (subresourcesOf(context)?.status) keepStatus(draft, old);
      const plain = ({ metadata: _metadata, ...rest }: KubeObject) => rest;
      if (!equal(plain(draft), plain(old))) setGeneration(draft, (old.metadata.generation ?? 0) + 1);
    },
    prepareForStatusUpdate(draft, old, context) {
      const { managedFields } = draft.metadata;
      draft.metadata = { ...old.metadata, ...(managedFields && { managedFields }) };
      if (draft.status === undefined) delete draft.status;
      shape(draft, context);
    },
    validate: (object, context) => ruled(object, context, { errors: [...check(object, context), ...inside(object, context)] }),
    validateUpdate: (object, old, context) => ruled(object, context, { errors: [...check(object, context), ...inside(object, context, old)], old }),
    validateStatusUpdate: (object, old, context) => ruled(object, context, { errors: check(object, context), old }),
  };
}

/** As a schema has it: without what it does not know, with its defaults. Metadata is not its business. */
function shaped(object: KubeObject, schema: SchemaProps | undefined, preserves: boolean): KubeObject {
  if (!schema) return object;
  const known = preserves ? object : pruned(object, schema, { embedded: true });
  return defaulted(withoutNulls(known, schema), schema) as KubeObject;
}

function replace(draft: KubeObject, next: KubeObject): void {
  if (next === draft) return;
  for (const key in draft) if (!(key in next)) delete draft[key];
  Object.assign(draft, next);
}

function keepStatus(draft: KubeObject, old: KubeObject): void {
  if (old.status !== undefined) draft.status = old.status;
  else delete draft.status;
}

/** The number at a path such as `.spec.replicas`; a text instead says what is wrong with it. */
export function numberAt(object: KubeObject, path: string): number | string | undefined {
  const names = path.replace(/^\./, '').split('.');
  let value: unknown = object;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || value === undefined) return value === undefined ? undefined : wrongAt(names, value, 'map[string]interface {}');
    value = (value as Record<string, unknown>)[name];
    if (value === undefined) return undefined;
  }
  return typeof value === 'number' ? value : wrongAt(names, value, 'int64');
}

const goType = (value: unknown) => (Array.isArray(value) ? '[]interface {}' : typeof value === 'object' ? 'map[string]interface {}' : typeof value === 'boolean' ? 'bool' : typeof value);
const wrongAt = (names: string[], value: unknown, wanted: string) => `.${names.join('.')} accessor error: ${typeof value === 'object' ? JSON.stringify(value) : String(value)} is of the type ${goType(value)}, expected ${wanted}`;

function scaleErrors(object: KubeObject, scale: { specReplicasPath?: string; statusReplicasPath?: string } | undefined): FieldError[] {
  return [scale?.specReplicasPath, scale?.statusReplicasPath].flatMap((path) => {
    if (!path) return [];
    const replicas = numberAt(object, path) ?? 0;
    if (typeof replicas === 'string') return [invalid(path, 0, replicas)];
    if (replicas < 0) return [invalid(path, replicas, 'should be a non-negative integer')];
    return replicas > 2147483647 ? [invalid(path, replicas, 'should be less than or equal to 2147483647')] : [];
  });
}

/** A version's warning for whoever uses it. */
export function deprecationOf(definition: KubeObject, version: string): string | undefined {
  const found = (definition.spec.versions as DefinitionVersion[]).find(({ name }) => name === version);
  if (!found?.deprecated) return undefined;
  const { group, names } = definition.spec;
  return found.deprecationWarning ?? `${group}/${version} ${names.kind} is deprecated`;
}

