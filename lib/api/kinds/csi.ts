// What CSI drivers tell the cluster: themselves, the nodes they run on, attachments, free capacity.
import { duplicate, type FieldError, forbiddenField, invalid, notSupported, required, tooLong } from '../field-error.ts';
import { byteLength, isDNS1123Subdomain, isQualifiedName } from '../names.ts';
import { equal } from '../object.ts';
import { parseQuantity } from '../quantity.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { invalidAll } from './checks.ts';
import { labelSelectorErrors } from './label-checks.ts';
import { resetMetadataForStatus } from './status-metadata.ts';

const group = 'storage.k8s.io';
const fixed = (field: string, object: KubeObject, old: KubeObject): FieldError[] => (equal(object[field], old[field]) ? [] : [invalid(field, object[field], 'field is immutable')]);
const groupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType'];

function driverErrors({ spec }: KubeObject): FieldError[] {
  const { fsGroupPolicy, tokenRequests = [], volumeLifecycleModes = [] } = spec;
  const errors: FieldError[] = fsGroupPolicy !== undefined && !groupPolicies.includes(fsGroupPolicy) ? [notSupported('spec.fsGroupPolicy', fsGroupPolicy, groupPolicies)] : [];
  tokenRequests.forEach(({ audience = '', expirationSeconds }: { audience?: string; expirationSeconds?: number }, i: number) => {
    const at = `spec.tokenRequests[${i}]`;
    if (tokenRequests.slice(0, i).some((other: { audience?: string }) => (other.audience ?? '') === audience)) errors.push(duplicate(`${at}.audience`, audience));
    else if (expirationSeconds !== undefined && expirationSeconds < 600) errors.push(invalid(`${at}.expirationSeconds`, expirationSeconds, 'may not specify a duration less than 10 minutes'));
    else if (expirationSeconds !== undefined && expirationSeconds > 2 ** 32) errors.push(invalid(`${at}.expirationSeconds`, expirationSeconds, 'may not specify a duration larger than 2^32 seconds'));
  });
  const modes = ['Persistent', 'Ephemeral'];
  return [...errors, ...volumeLifecycleModes.filter((mode: string) => !modes.includes(mode)).map((mode: string) => notSupported('spec.volumeLifecycleModes', mode, modes))];
}

function driverDefaults(draft: KubeObject, { version }: Context): void {
  const spec = (draft.spec ??= {});
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  if (version.has('csi-driver-gates')) {
    spec.storageCapacity ??= false;
    spec.requiresRepublish ??= false;
  } else for (const field of ['storageCapacity', 'requiresRepublish', 'tokenRequests']) delete spec[field];
  spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
  if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent'];
  if (version.has('csi-selinux-mount')) spec.seLinuxMount ??= false;
}

export const csiDriver: Resource = {
  kind: 'CSIDriver',
  group,
  plural: 'csidrivers',
  singular: 'csidriver',
  namespaced: false,
  versions: [{ version: 'v1', since: 18 }, { version: 'v1beta1', until: 21 }],
  etcdPath: 'csidrivers',
  verbs: allVerbs,
  strategy: {
    generation: false,
    repeatedMetadataChecks: ['update'],
    allowUnconditionalUpdate: false,
    defaults: driverDefaults,
    // Kubernetes looks at a new driver twice.
    validate: (object) => [...driverErrors(object), ...driverErrors(object)],
    validateUpdate: (object, old) => fixed('spec', object, old),
  },
  columns: (version) => [nameColumn, column('AttachRequired', 'boolean'), column('PodInfoOnMount', 'boolean'), ...(version.has('csi-driver-gates') ? [column('StorageCapacity', 'boolean'), column('TokenRequests'), column('RequiresRepublish', 'boolean')] : []), column('Modes'), ageColumn],
  cells: (object, now, version) => {
    const { attachRequired = true, podInfoOnMount = false, storageCapacity = false, requiresRepublish = false, tokenRequests, volumeLifecycleModes = [] } = object.spec;
    const tokens = tokenRequests?.map(({ audience }: { audience: string }) => audience).join(',') ?? '<unset>';
    return [object.metadata.name, attachRequired, podInfoOnMount, ...(version.has('csi-driver-gates') ? [storageCapacity, tokens, requiresRepublish] : []), volumeLifecycleModes.join(',') || '<none>', age(object, now)];
  },
};

interface NodeDriver {
  name?: string;
  nodeID?: string;
  topologyKeys?: string[] | null;
  allocatable?: { count?: number };
}

export function driverNameErrors(field: string, name: string): FieldError[] {
  return [...(name ? [] : [required(field)]), ...(name.length > 63 ? [tooLong(field, 63)] : []), ...invalidAll(field, name, isDNS1123Subdomain(name.toLowerCase()))];
}

function nodeErrors({ spec }: KubeObject, { version }: Context): FieldError[] {
  const longest = version.has('long-csi-node-ids') ? 192 : 128;
  const drivers: NodeDriver[] = spec?.drivers ?? [];
  return drivers.flatMap(({ name = '', nodeID = '', topologyKeys, allocatable }, i) => {
    const at = `spec.drivers[${i}]`;
    const errors = driverNameErrors(`${at}.name`, name);
    if (!nodeID) errors.push(required(`${at}.nodeID`));
    if (nodeID.length > longest) errors.push(invalid(`${at}.nodeID`, nodeID, `must be ${longest} characters or less`));
    if ((allocatable?.count ?? 0) < 0) errors.push(invalid(`${at}.allocatable.count`, allocatable!.count, 'must be greater than or equal to 0'));
    if (drivers.slice(0, i).some((other) => (other.name ?? '') === name)) errors.push(duplicate(`${at}.name`, name));
    (topologyKeys ?? []).forEach((key, j, keys) => {
      if (!key) errors.push(required(at));
      if (keys.indexOf(key) < j) errors.push(duplicate(at, key));
      errors.push(...invalidAll(at, keys, isQualifiedName(key)));
    });
    return errors;
  });
}

export const csiNode: Resource = {
  kind: 'CSINode',
  group,
  plural: 'csinodes',
  singular: 'csinode',
  namespaced: false,
  versions: [{ version: 'v1', since: 17 }, { version: 'v1beta1', until: 21 }],
  etcdPath: 'csinodes',
  verbs: allVerbs,
  strategy: {
    generation: false,
    repeatedMetadataChecks: ['object'],
    allowUnconditionalUpdate: false,
    defaults(draft) {
      draft.spec ??= {};
      draft.spec.drivers ??= null;
      for (const driver of draft.spec.drivers ?? []) driver.topologyKeys ??= null;
    },
    // Kubernetes looks at a new node twice, too.
    validate: (object, context) => [...nodeErrors(object, context), ...nodeErrors(object, context)],
    validateUpdate: (object, old, context) => [...nodeErrors(object, context), ...nodeErrors(object, context), ...changedDrivers(object, old)],
  },
  columns: [nameColumn, column('Drivers', 'integer'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.spec?.drivers?.length ?? 0, age(object, now)],
};

function changedDrivers({ spec }: KubeObject, old: KubeObject): FieldError[] {
  const before: NodeDriver[] = old.spec?.drivers ?? [];
  return before.flatMap((driver) => (spec?.drivers ?? []).filter((now: NodeDriver) => now.name === driver.name && !equal(now, driver)).map((now: NodeDriver) => invalid('CSINodeDriver', now, 'field is immutable')));
}

function attachmentErrors({ spec, status = {} }: KubeObject): FieldError[] {
  const { attacher = '', source = {}, nodeName = '' } = spec ?? {};
  const errors: FieldError[] = attacher ? [] : [required('spec.attacher')];
  const { persistentVolumeName: name, inlineVolumeSpec: inline } = source;
  if (name === undefined && inline === undefined) errors.push(required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'));
  else if (name !== undefined && inline !== undefined) errors.push(forbiddenField('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'));
  else if (name === '') errors.push(required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName'));
  errors.push(...invalidAll('spec.nodeName', nodeName, isDNS1123Subdomain(nodeName)));
  for (const field of ['attachError', 'detachError']) if (byteLength(status[field]?.message ?? '') > 1024) errors.push(tooLong(`status.${field}.message`, 256 * 1024));
  return errors;
}

/** What v1 asks for beside that. */
function namesOfAttachment({ spec }: KubeObject): FieldError[] {
  const volume: string | undefined = spec.source?.persistentVolumeName;
  return [...driverNameErrors('spec.attacher', spec.attacher ?? ''), ...(volume === undefined ? [] : invalidAll('spec.source.persistentVolumeName', volume, isDNS1123Subdomain(volume)))];
}

export const volumeAttachment: Resource = {
  kind: 'VolumeAttachment',
  group,
  plural: 'volumeattachments',
  singular: 'volumeattachment',
  namespaced: false,
  versions: [{ version: 'v1' }, { version: 'v1beta1', until: 21 }, { version: 'v1alpha1', until: 20 }],
  etcdPath: 'volumeattachments',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'], apiVersions: ['v1'] }],
  strategy: {
    generation: false,
    repeatedMetadataChecks: ['object', 'object'],
    repeatedStatusChecks: ['object', 'object'],
    allowUnconditionalUpdate: false,
    defaults(draft) {
      draft.spec ??= {};
    },
    prepareForCreate(draft) {
      draft.status = { attached: false };
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
    },
    prepareForStatusUpdate: resetMetadataForStatus,
    validate: (object, { requested }) => [...attachmentErrors(object), ...(requested === undefined || requested === 'v1' ? namesOfAttachment(object) : [])],
    validateUpdate: (object, old) => [...attachmentErrors(object), ...attachmentErrors(object), ...fixed('spec', object, old)],
    validateStatusUpdate: (object) => [...attachmentErrors(object), ...attachmentErrors(object)],
  },
  columns: [nameColumn, column('Attacher', 'string', { format: 'name' }), column('PV'), column('Node'), column('Attached', 'boolean'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.spec.attacher ?? '', object.spec.source?.persistentVolumeName ?? '', object.spec.nodeName ?? '', object.status?.attached ?? false, age(object, now)],
};

export const csiStorageCapacity: Resource = {
  kind: 'CSIStorageCapacity',
  listKind: 'CSIStorageCapacityList',
  group,
  plural: 'csistoragecapacities',
  singular: 'csistoragecapacity',
  namespaced: true,
  versions: [{ version: 'v1', since: 24 }, { version: 'v1beta1', since: 21, until: 26 }],
  etcdPath: 'csistoragecapacities',
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['update'],
    validate: (object, { version }) => [
      ...labelSelectorErrors('nodeTopology', object.nodeTopology, version),
      ...invalidAll('storageClassName', object.storageClassName ?? '', isDNS1123Subdomain(object.storageClassName ?? '')),
      ...(object.capacity !== undefined && parseQuantity(object.capacity).sign < 0 ? [invalid('capacity', object.capacity, 'must be greater than or equal to 0')] : []),
    ],
    validateUpdate: (object, old) => [...fixed('nodeTopology', object, old), ...fixed('storageClassName', object, old)],
  },
  columns: [nameColumn, column('StorageClassName'), column('Capacity')],
  cells: (object) => [object.metadata.name, object.storageClassName ?? '', object.capacity ?? '<unset>'],
};
