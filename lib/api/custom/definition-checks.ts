// Validation of CustomResourceDefinitions (apiextensions/validation). A schema that all versions share counts as one of the
// spec itself, which is how errors name it.
import { type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { immutable } from '../kinds/checks.ts';
import { isDNS1035Label, isDNS1123Subdomain } from '../names.ts';
import { equal } from '../object.ts';
import type { Context } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { defaultErrors } from './default-checks.ts';
import { approvalErrors, conversionErrors, namesErrors, storedErrors } from './naming-checks.ts';
import { schemaChecks } from './schema-checks.ts';
import { inner, type SchemaProps } from './schema-props.ts';
import { ruleChecks } from './rule-checks.ts';
import { structuralErrors } from './structural.ts';
import { columnErrors, subresourceErrors } from './view-checks.ts';

export interface DefinitionVersion {
  name: string;
  served: boolean;
  storage: boolean;
  deprecated?: boolean;
  deprecationWarning?: string;
  schema?: { openAPIV3Schema?: SchemaProps };
  subresources?: { status?: object; scale?: { specReplicasPath?: string; statusReplicasPath?: string; labelSelectorPath?: string } };
  additionalPrinterColumns?: PrinterColumn[];
}
export interface PrinterColumn {
  name: string;
  type: string;
  format?: string;
  description?: string;
  priority?: number;
  jsonPath: string;
}

export function definitionErrors({ metadata, spec, status }: KubeObject, context: Context): FieldError[] {
  const errors = specErrors(spec, context);
  const stored: string[] = status?.storedVersions ?? [];
  errors.push(...namesErrors(status?.acceptedNames ?? {}, 'status.acceptedNames'), ...storedErrors(stored, spec.versions ?? []));
  if (spec.preserveUnknownFields && context.requested !== 'v1beta1') errors.push(invalid('spec.preserveUnknownFields', true, 'cannot set to true, set x-preserve-unknown-fields to true in spec.versions[*].schema instead'));
  return [...errors, ...approvalErrors(spec.group ?? '', metadata.annotations ?? {}, context)];
}

export function definitionUpdateErrors(object: KubeObject, old: KubeObject, context: Context): FieldError[] {
  const [spec, before] = [object.spec, old.spec];
  const established = old.status?.conditions?.some((c: { type: string; status: string }) => c.type === 'Established' && c.status === 'True');
  const names = established ? [...immutable('spec.scope', spec.scope, before.scope), ...immutable('spec.names.kind', spec.names?.kind, before.names?.kind)] : [];
  return [...definitionErrors(object, context), ...names, ...immutable('spec.group', spec.group, before.group), ...immutable('spec.names.plural', spec.names?.plural, before.names?.plural)];
}

/** The name of a definition is that of what it defines. */
const nameOf = (spec: KubeObject['spec']) => `${spec.names?.plural ?? ''}.${spec.group ?? ''}`;
export const nameErrors = ({ metadata, spec }: KubeObject): FieldError[] =>
  (['generateName', 'name'] as const).filter((field) => metadata[field] && metadata[field] !== nameOf(spec)).map((field) => invalid(`metadata.${field}`, metadata[field], `must be spec.names.plural+"."+spec.group`));

/** The checks of a schema, of subresources and of columns by where the errors say they stand. */
function specErrors(spec: KubeObject['spec'], context: Context): FieldError[] {
  const { group = '', scope = '', names = {} } = spec;
  const versions: DefinitionVersion[] = spec.versions ?? [];
  const [first] = versions;
  const shares = (field: 'schema' | 'subresources' | 'additionalPrinterColumns') => versions.every((version) => equal(version[field], first![field]));
  const shared = first && { schema: shares('schema'), subresources: shares('subresources'), additionalPrinterColumns: shares('additionalPrinterColumns') };
  const errors: FieldError[] = [];
  if (!group) errors.push(required('spec.group'));
  else if (isDNS1123Subdomain(group).length > 0) errors.push(invalid('spec.group', group, isDNS1123Subdomain(group).join(',')));
  else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
  if (!scope) errors.push(required('spec.scope'));
  else if (scope !== 'Cluster' && scope !== 'Namespaced') errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  if (spec.preserveUnknownFields && versions.some(({ schema }) => schema?.openAPIV3Schema && hasDefault(schema.openAPIV3Schema))) errors.push(invalid('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema'));
  if (context.requested !== 'v1beta1') versions.forEach((version, i) => {
    if (!version.schema?.openAPIV3Schema) errors.push(required(`spec.versions[${i}].schema.openAPIV3Schema`, 'schemas are required'));
  });
  versions.forEach((version, i) => {
    if (isDNS1035Label(version.name).length > 0) errors.push(invalid(`spec.versions[${i}].name`, version.name, isDNS1035Label(version.name).join(',')));
    errors.push(...versionErrors(version, `spec.versions[${i}]`, { shared: shared!, context }));
  });
  errors.push(...versionListErrors(versions, shared));
  // The first version's name stood in the spec itself once, and is looked at there as well.
  if (first?.name && isDNS1035Label(first.name).length > 0) errors.push(invalid('spec.version', first.name, isDNS1035Label(first.name).join(',')));
  for (const name of ['plural', 'singular', 'kind', 'listKind']) if (!names[name]) errors.push(required(`spec.names.${name}`));
  errors.push(...namesErrors(names, 'spec.names'));
  if (shared?.schema) errors.push(...schemaErrors(first!.schema, { path: 'spec.validation', hasStatus: versions.some((one) => one.subresources?.status), context }));
  if (shared?.subresources) errors.push(...subresourceErrors(first!.subresources, 'spec.subresources'));
  if (shared?.additionalPrinterColumns) errors.push(...columnErrors(first!.additionalPrinterColumns, 'spec.additionalPrinterColumns'));
  return [...errors, ...conversionErrors(spec.conversion, spec.preserveUnknownFields)];
}

const hasDefault = (schema: SchemaProps): boolean => schema.default !== undefined || inner(schema).some(([, one]) => hasDefault(one));

type Shared = { schema: boolean; subresources: boolean; additionalPrinterColumns: boolean };

function versionErrors(version: DefinitionVersion, path: string, { shared, context }: { shared: Shared; context: Context }): FieldError[] {
  const { deprecated, deprecationWarning: warning } = version;
  const errors: FieldError[] = [];
  const wrong = (detail: string) => errors.push(invalid(`${path}.deprecationWarning`, warning, detail));
  if (warning !== undefined && !deprecated) wrong('can only be set for deprecated versions');
  else if (warning !== undefined && warning.length > 256) wrong('must be <= 256 characters long');
  else if (warning === '') wrong('must not be an empty string');
  if (!shared.schema) errors.push(...schemaErrors(version.schema, { path: `${path}.schema`, hasStatus: Boolean(version.subresources?.status), context }));
  if (!shared.subresources) errors.push(...subresourceErrors(version.subresources, `${path}.subresources`));
  if (!shared.additionalPrinterColumns) errors.push(...columnErrors(version.additionalPrinterColumns, `${path}.additionalPrinterColumns`));
  return errors;
}

function versionListErrors(versions: DefinitionVersion[], shared: Shared | undefined): FieldError[] {
  const wrong = (detail: string): FieldError => ({ type: 'FieldValueInvalid', field: 'spec.versions', message: `Invalid value: ${goVersions(versions, shared)}: ${detail}` });
  const errors: FieldError[] = [];
  if (new Set(versions.map(({ name }) => name)).size < versions.length) errors.push(wrong('must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1) errors.push(wrong('must have exactly one version marked as storage version'));
  return errors;
}

/** Differs from Kubernetes: where a version has a schema of its own, the address of it in memory is printed there. */
function goVersions(versions: DefinitionVersion[], shared: Shared | undefined): string {
  if (versions.length === 0) return '[]apiextensions.CustomResourceDefinitionVersion(nil)';
  const pointer = (type: string, value: unknown) => `(*apiextensions.${type})(${value ? '0xc000000000' : 'nil'})`;
  const texts = versions.map(
    (version) =>
      `apiextensions.CustomResourceDefinitionVersion{Name:${JSON.stringify(version.name)}, Served:${version.served}, Storage:${version.storage}, Deprecated:${version.deprecated ?? false}, DeprecationWarning:(*string)(nil), Schema:${pointer('CustomResourceValidation', !shared?.schema && version.schema)}, Subresources:${pointer('CustomResourceSubresources', !shared?.subresources && version.subresources)}, AdditionalPrinterColumns:[]apiextensions.CustomResourceColumnDefinition(nil)}`,
  );
  return `[]apiextensions.CustomResourceDefinitionVersion{${texts.join(', ')}}`;
}

const atRoot = new Set('description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems multipleOf required items properties externalDocs example x-kubernetes-preserve-unknown-fields x-kubernetes-validations'.split(' '));
const atRootText = '[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields]';

function schemaErrors(validation: DefinitionVersion['schema'], { path, hasStatus, context }: { path: string; hasStatus: boolean; context: Context }): FieldError[] {
  const schema = validation?.openAPIV3Schema;
  if (!schema) return [];
  const at = `${path}.openAPIV3Schema`;
  const errors: FieldError[] = [];
  if (hasStatus) {
    if (schema.type !== undefined && schema.type !== 'object') errors.push(invalid(`${at}.type`, schema.type, 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'));
    else if (Object.keys(schema).some((name) => !atRoot.has(name))) errors.push(invalid(at, schema, `only ${atRootText} fields are allowed at the root of the schema if the status subresource is enabled`));
  }
  if (schema.nullable) errors.push(forbiddenField(`${at}.nullable`, 'nullable cannot be true at the root'));
  const old = context.requested === 'v1beta1';
  errors.push(...schemaChecks(at, schema, { isRoot: true, insideMeta: false, anyType: old, ...(old && { noDefaults: '(cannot set default values in apiextensions.k8s.io/v1beta1 CRDs, must use apiextensions.k8s.io/v1)' }) }));
  if (old) return errors;
  const structural = structuralErrors(at, schema);
  if (structural.length > 0) return [...errors, ...structural];
  return [...errors, ...defaultErrors(at, schema, context.version), ...(context.version.has('crd-validation-rules') ? ruleChecks(at, schema) : [])];
}
