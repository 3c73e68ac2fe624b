import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { changeErrors, type Condition, legacy, ofType, validate } from './certificate-request-validation.ts';

/** A write of status leaves the verdict as it is; through v1beta1 it cannot even be told to change it. */
function keepVerdicts(draft: KubeObject, old: KubeObject, quietly: boolean): void {
  const kept = ['Approved', 'Denied'].map((type) => {
    const [now, before] = [ofType(draft, type), ofType(old, type)];
    if (now.length !== before.length) return false;
    if (now.length > 0) draft.status.conditions = draft.status.conditions.map((condition: Condition) => (condition.type === type ? before[now.indexOf(condition)] : condition));
    return true;
  });
  if (quietly && kept.includes(false)) draft.status.conditions = old.status?.conditions;
}

/** When a condition came about, and when it was last written. */
function stamp(draft: KubeObject, old: KubeObject, now: string): void {
  for (const condition of (draft.status?.conditions ?? []) as Condition[]) {
    condition.lastUpdateTime ??= now;
    const before = (old.status?.conditions ?? []).find(({ type, status }: Condition) => type === condition.type && status === condition.status);
    condition.lastTransitionTime ??= before?.lastTransitionTime ?? now;
  }
}

function text({ status = {} }: KubeObject): string {
  const has = (type: string) => status.conditions?.some((condition: Condition) => condition.type === type);
  return [has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending', ...(has('Failed') ? ['Failed'] : []), ...(status.certificate ? ['Issued'] : [])].join(',');
}

const seconds = ({ spec }: KubeObject) => (spec?.expirationSeconds === undefined ? '<none>' : `${spec.expirationSeconds}s`);

export const certificateSigningRequest: Resource = {
  kind: 'CertificateSigningRequest',
  group: 'certificates.k8s.io',
  plural: 'certificatesigningrequests',
  singular: 'certificatesigningrequest',
  shortNames: ['csr'],
  namespaced: false,
  versions: [{ version: 'v1', since: 19 }, { version: 'v1beta1', until: 21 }],
  etcdPath: 'certificatesigningrequests',
  verbs: allVerbs,
  subresources: [{ name: 'approval', verbs: ['get', 'patch', 'update'] }, { name: 'status', verbs: ['get', 'patch', 'update'] }],
  strategy: {
    asksWho: true,
    generation: false,
    repeatedMetadataChecks: ['update', 'object'],
    repeatedStatusChecks: ['update', 'object'],
    validateName: () => [],
    defaults(draft, { requested }) {
      const spec = (draft.spec ??= {});
      if (requested !== 'v1beta1') return;
      spec.usages ??= ['digital signature', 'key encipherment'];
      spec.signerName ??= legacy;
    },
    prepareForCreate(draft, { user }) {
      for (const field of ['username', 'uid', 'groups', 'extra']) delete draft.spec[field];
      const { name: username, uid, groups = [], extra } = user ?? { name: '' };
      Object.assign(draft.spec, { ...(username && { username }), ...(uid && { uid }), ...(groups.length > 0 && { groups: [...groups] }), ...(extra && { extra }) });
      draft.status = {};
    },
    prepareForUpdate(draft, old) {
      draft.spec = old.spec;
      draft.status = old.status;
    },
    prepareForStatusUpdate(draft, old, { now, subresource, requested }) {
      if (subresource === 'approval') draft.status = { ...old.status, conditions: draft.status?.conditions };
      else keepVerdicts(draft, old, requested === 'v1beta1');
      if (!draft.status?.conditions) delete draft.status?.conditions;
      stamp(draft, old, now);
    },
    validate,
    validateUpdate: (object, old, context) => [...validate(object, context, old), ...changeErrors(object, old, { part: '', context })],
    validateStatusUpdate: (object, old, context) => [...validate(object, context, old), ...changeErrors(object, old, { part: context.subresource === 'approval' ? 'approval' : 'status', context })],
    fields: ({ spec }) => ({ 'spec.signerName': spec?.signerName ?? '' }),
  },
  columns: (version) => [nameColumn, ageColumn, column('SignerName'), column('Requestor'), ...(version.has('csr-duration') ? [column('RequestedDuration')] : []), column('Condition')],
  cells: (object, now, version) => [object.metadata.name, age(object, now), object.spec?.signerName || '<none>', object.spec?.username ?? '', ...(version.has('csr-duration') ? [seconds(object)] : []), text(object)],
};
