// The restricted standard: what a hardened pod says of itself.
import { badSeccomp } from './baseline.ts';
import { type Check, type CheckedPod, containers, containersOf, namesOf, quoted, type Refusal, setters, sorted } from './check.ts';

/** Since 1.25 a pod that says that it is for Windows need not set what only Linux knows. */
const exempt = ({ spec, minor }: CheckedPod) => minor >= 25 && spec.os?.name === 'windows';

function allowPrivilegeEscalation(pod: CheckedPod): Refusal | undefined {
  const names = namesOf(containersOf(pod.spec).filter(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false));
  if (exempt(pod) || names.length === 0) return undefined;
  return { reason: 'allowPrivilegeEscalation != false', detail: `${containers(names)} must set securityContext.allowPrivilegeEscalation=false` };
}

function capabilities(pod: CheckedPod): Refusal | undefined {
  const all = containersOf(pod.spec);
  const keeping = namesOf(all.filter(({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL')));
  const added = all.map(({ name, securityContext }) => ({ name, add: (securityContext?.capabilities?.add ?? []).filter((one) => one !== 'NET_BIND_SERVICE') })).filter(({ add }) => add.length > 0);
  if (exempt(pod) || keeping.length + added.length === 0) return undefined;
  const details = [
    ...(keeping.length > 0 ? [`${containers(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(added.length > 0 ? [`${containers(namesOf(added))} must not include ${quoted(sorted(added.flatMap(({ add }) => add)))} in securityContext.capabilities.add`] : []),
  ];
  return { reason: 'unrestricted capabilities', detail: details.join('; ') };
}

const volumeTypes = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'];

function restrictedVolumes({ spec }: CheckedPod): Refusal | undefined {
  const bad = (spec.volumes ?? []).map(({ name, ...source }) => ({ name, type: Object.keys(source).find((key) => source[key as keyof typeof source]) ?? 'unknown' })).filter(({ type }) => !volumeTypes.includes(type));
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map(({ type }) => type));
  const one = bad.length === 1;
  return { reason: 'restricted volume types', detail: `${one ? 'volume' : 'volumes'} ${quoted(namesOf(bad))} ${one ? 'uses' : 'use'} ${types.length === 1 ? 'restricted volume type' : 'restricted volume types'} ${quoted(types)}` };
}

function runAsNonRoot({ spec }: CheckedPod): Refusal | undefined {
  const ofPod = spec.securityContext?.runAsNonRoot;
  const all = containersOf(spec);
  const said = namesOf(all.filter(({ securityContext }) => securityContext?.runAsNonRoot === false));
  const silent = ofPod ? [] : namesOf(all.filter(({ securityContext }) => securityContext?.runAsNonRoot === undefined));
  const reason = 'runAsNonRoot != true';
  const who = setters(ofPod === false, said);
  if (who.length > 0) return { reason, detail: `${who.join(' and ')} must not set securityContext.runAsNonRoot=false` };
  return silent.length > 0 ? { reason, detail: `pod or ${containers(silent)} must set securityContext.runAsNonRoot=true` } : undefined;
}

function runAsUser({ spec }: CheckedPod): Refusal | undefined {
  const who = setters(spec.securityContext?.runAsUser === 0, namesOf(containersOf(spec).filter(({ securityContext }) => securityContext?.runAsUser === 0)));
  return who.length > 0 ? { reason: 'runAsUser=0', detail: `${who.join(' and ')} must not set runAsUser=0` } : undefined;
}

function seccompProfile(pod: CheckedPod): Refusal | undefined {
  if (exempt(pod)) return undefined;
  const bad = badSeccomp(pod);
  if (bad) return bad;
  const silent = pod.spec.securityContext?.seccompProfile ? [] : namesOf(containersOf(pod.spec).filter(({ securityContext }) => !securityContext?.seccompProfile));
  return silent.length > 0 ? { reason: 'seccompProfile', detail: `pod or ${containers(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"` } : undefined;
}

const restricted = (id: string, since: number, check: Check['check'], overrides?: string): Check => ({ level: 'restricted', id, since, check, ...(overrides && { overrides }) });

export const restrictedChecks: readonly Check[] = [
  restricted('allowPrivilegeEscalation', 8, allowPrivilegeEscalation),
  restricted('capabilities_restricted', 22, capabilities, 'capabilities_baseline'),
  restricted('restrictedVolumes', 0, restrictedVolumes, 'hostPathVolumes'),
  restricted('runAsNonRoot', 0, runAsNonRoot),
  restricted('runAsUser', 23, runAsUser),
  restricted('seccompProfile_restricted', 19, seccompProfile, 'seccompProfile_baseline'),
];
