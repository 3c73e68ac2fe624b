import { definitionErrors, definitionUpdateErrors, type DefinitionVersion, nameErrors } from '../custom/definition-checks.ts';
import { equal } from '../object.ts';
import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { column, nameColumn } from './cells.ts';
import { setGeneration } from './checks.ts';

const cleanup = 'customresourcecleanup.apiextensions.k8s.io';

/** Names that follow from the kind, and how versions are converted. */
function defaults(draft: KubeObject) {
  const { names = {} } = (draft.spec ??= {});
  if (!names.singular) names.singular = (names.kind ?? '').toLowerCase();
  if (!names.listKind && names.kind) names.listKind = `${names.kind}List`;
  draft.spec.names = names;
  draft.spec.conversion ??= { strategy: 'None' };
  const service = draft.spec.conversion.webhook?.clientConfig?.service;
  if (service) service.port ??= 443;
  draft.status ??= {};
  draft.status.conditions ??= null;
  draft.status.acceptedNames ??= { plural: '', kind: '' };
  if (!draft.status.storedVersions?.length) draft.status.storedVersions = storageVersions(draft);
}

const storageVersions = ({ spec }: KubeObject): string[] => ((spec.versions ?? []) as DefinitionVersion[]).filter(({ storage }) => storage).slice(0, 1).map(({ name }) => name);

/** In which versions objects may lie in etcd. */
function rememberStored(draft: KubeObject): void {
  const stored: string[] = draft.status.storedVersions ?? [];
  const missing = storageVersions(draft).filter((name) => !stored.includes(name));
  if (missing.length > 0) draft.status = { ...draft.status, storedVersions: [...stored, ...missing] };
}

const perVersion = { schema: 'validation', subresources: 'subresources', additionalPrinterColumns: 'additionalPrinterColumns' } as const;
type Shared = keyof typeof perVersion;

/** What all versions have in common stood in the spec itself in v1beta1. */
function convert(object: KubeObject, apiVersion: string): KubeObject {
  const isOld = object.apiVersion.endsWith('/v1beta1');
  if (!object.spec || isOld === apiVersion.endsWith('/v1beta1')) return { ...object, apiVersion };
  return { ...object, apiVersion, spec: isOld ? toNew(object.spec) : toOld(object.spec) };
}

function toNew(old: KubeObject['spec']) {
  const { version, validation, subresources, additionalPrinterColumns, conversion, ...spec } = old;
  const shared = { ...(validation && { schema: validation }), ...(subresources && { subresources }), ...(additionalPrinterColumns && { additionalPrinterColumns }) };
  const versions = (spec.versions?.length ? spec.versions : version ? [{ name: version, served: true, storage: true }] : []).map((one: object) => ({ ...one, ...shared }));
  const { webhookClientConfig: clientConfig, conversionReviewVersions, ...plain } = conversion ?? { strategy: 'None' };
  const webhook = clientConfig || conversionReviewVersions ? { webhook: { ...(clientConfig && { clientConfig }), conversionReviewVersions: conversionReviewVersions ?? ['v1beta1'] } } : {};
  return { ...spec, scope: spec.scope || 'Namespaced', preserveUnknownFields: spec.preserveUnknownFields ?? true, versions: versions.map(renameColumns('JSONPath', 'jsonPath')), conversion: { ...plain, ...webhook } };
}

function toOld({ versions = [], conversion, ...spec }: KubeObject['spec']) {
  const old = versions.map(renameColumns('jsonPath', 'JSONPath'));
  const shared: Record<string, unknown> = {};
  for (const field of Object.keys(perVersion) as Shared[]) {
    const value = old[0]?.[field];
    if (value === undefined || !old.every((one: Record<Shared, unknown>) => equal(one[field], value))) continue;
    shared[perVersion[field]] = value;
    for (const one of old) delete one[field];
  }
  const { webhook, ...plain } = conversion ?? {};
  const oldWebhook = webhook && { webhookClientConfig: webhook.clientConfig, conversionReviewVersions: webhook.conversionReviewVersions };
  return { ...spec, version: old[0]?.name, versions: old, ...shared, conversion: { ...plain, ...oldWebhook }, preserveUnknownFields: spec.preserveUnknownFields ?? false };
}

const renameColumns = (from: string, to: string) => (version: Record<string, any>) =>
  version.additionalPrinterColumns ? { ...version, additionalPrinterColumns: version.additionalPrinterColumns.map(({ [from]: path, ...rest }: Record<string, unknown>) => ({ ...rest, [to]: path ?? rest[to] })) } : { ...version };

export const customResourceDefinition: Resource = {
  kind: 'CustomResourceDefinition',
  group: 'apiextensions.k8s.io',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  versions: [{ version: 'v1', since: 16 }, { version: 'v1beta1', until: 21 }],
  etcdPath: 'apiextensions.k8s.io/customresourcedefinitions',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  convert,
  strategy: {
    repeatedMetadataChecks: ['update'],
    checksFinalizers: false,
    allowUnconditionalUpdate: false,
    defaults,
    prepareForCreate(draft) {
      draft.status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: storageVersions(draft) };
      setGeneration(draft, 1);
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
      rememberStored(draft);
    },
    /** Its instances go first. */
    markDeleted(old, now) {
      const finalizers = old.metadata.finalizers ?? [];
      const condition = { type: 'Terminating', status: 'True', lastTransitionTime: now, reason: 'InstanceDeletionPending', message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon' };
      const metadata = { ...old.metadata, deletionTimestamp: now, finalizers: finalizers.includes(cleanup) ? finalizers : [...finalizers, cleanup] };
      return { ...old, metadata, status: { ...old.status, conditions: [...(old.status.conditions ?? []), condition] } };
    },
    validate: (object, context) => [...nameErrors(object), ...definitionErrors(object, context)],
    validateUpdate: definitionUpdateErrors,
  },
  columns: [nameColumn, column('Created At', 'date')],
  cells: (object) => [object.metadata.name, object.metadata.creationTimestamp],
};
