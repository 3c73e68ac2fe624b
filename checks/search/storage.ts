// Where claims and volumes have to end: each claim in use has a volume of its own, and no volume outlives its claim.
import type { KubeObject, PersistentVolume, PersistentVolumeClaim, Pod } from '../../lib/api/index.ts';

export function storageEnds(objects: (kind: string) => KubeObject[]): string[] {
  const [claims, volumes] = [objects('PersistentVolumeClaim') as PersistentVolumeClaim[], objects('PersistentVolume') as PersistentVolume[]];
  const problems: string[] = [];
  const running = (objects('Pod') as Pod[]).filter(({ spec }) => spec.nodeName);
  for (const claim of claims) {
    const { name, uid } = claim.metadata;
    const volume = volumes.find(({ metadata }) => metadata.name === claim.spec.volumeName);
    const used = running.some(({ spec }) => spec.volumes?.some(({ persistentVolumeClaim: of }) => of?.claimName === name));
    if (claim.metadata.deletionTimestamp && !used) problems.push(`claim ${name} is still being deleted`);
    if (claim.spec.storageClassName === 'now' || used) if (claim.status.phase !== 'Bound') problems.push(`claim ${name} is ${claim.status.phase}`);
    if (claim.spec.volumeName && volume?.spec.claimRef?.uid !== uid) problems.push(`claim ${name} has the volume of another, or none`);
  }
  for (const { metadata, spec, status } of volumes) {
    const of = claims.find(({ metadata: { uid } }) => uid === spec.claimRef?.uid);
    if (!of) problems.push(`volume ${metadata.name} is ${status.phase}, without its claim`);
    else if (of.spec.volumeName !== metadata.name) problems.push(`volume ${metadata.name} is for claim ${of.metadata.name}, which has another`);
  }
  for (const quota of objects('ResourceQuota')) {
    const pods = (objects('Pod') as Pod[]).filter(({ status }) => status.phase !== 'Failed' && status.phase !== 'Succeeded').length;
    if (Number(quota.status?.used?.pods) !== pods) problems.push(`the quota counts ${quota.status?.used?.pods} pods, there are ${pods}`);
  }
  return problems;
}
