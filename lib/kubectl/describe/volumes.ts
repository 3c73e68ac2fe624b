// Volumes, as `kubectl describe` shows them.
import type { Call } from '../session.ts';
import { type Lines, outsideLines } from './volume-sources.ts';
import { multiline, type Writer } from './writer.ts';

type Loose = Record<string, any>;

export function describeVolumes(w: Writer, volumes: readonly Loose[] | undefined, { space = '', call }: { space?: string; call: Call }): void {
  if (!volumes?.length) {
    w.line(0, `${space}Volumes:\t<none>`);
    return;
  }
  w.line(0, `${space}Volumes:`);
  for (const volume of volumes) {
    w.line(1, `${space ? ' ' : ''}${volume.name}:`);
    if (volume.ephemeral) ephemeral(w, volume.ephemeral);
    else writeSource(w, volume, call);
  }
}

/** What a volume, or a persistent volume, is made of. */
export function writeSource(w: Writer, volume: Loose, call: Call, { persistent = false } = {}): void {
  const key = Object.keys(sources).find((name) => volume[name]);
  const lines = key === undefined ? outsideLines(volume, persistent) : sources[key]!(volume[key], call);
  if (!lines) w.line(1, '<unknown>');
  for (const [name, value] of lines ?? []) {
    if (name === '') w.line(3, String(value));
    else if (name === 'Items') w.line(2, 'Items:');
    else w.line(2, `${oddTitles[name] ?? `${name}:`}\t${value ?? ''}`);
  }
  if (volume.csi) attributes(w, volume.csi.volumeAttributes);
}

/** kubectl forgot one colon, and put a space after another. */
const oddTitles: Record<string, string> = { ISCSIInterface: 'ISCSIInterface', Kind: 'Kind: ' };

const sources: Record<string, (source: Loose, call: Call) => Lines> = {
  hostPath: ({ path, type }) => [['Type', 'HostPath (bare host directory volume)'], ['Path', path], ['HostPathType', type ?? '<none>']],
  emptyDir: ({ medium = '', sizeLimit }) => [['Type', "EmptyDir (a temporary directory that shares a pod's lifetime)"], ['Medium', medium], ['SizeLimit', sizeLimit ?? '<unset>']],
  secret: ({ secretName, optional }) => [['Type', 'Secret (a volume populated by a Secret)'], ['SecretName', secretName], ['Optional', Boolean(optional)]],
  configMap: ({ name, optional }) => [['Type', 'ConfigMap (a volume populated by a ConfigMap)'], ['Name', name], ['Optional', Boolean(optional)]],
  persistentVolumeClaim: ({ claimName, readOnly }) => [['Type', 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)'], ['ClaimName', claimName], ['ReadOnly', Boolean(readOnly)]],
  projected: ({ sources: list = [] }, call) => [['Type', 'Projected (a volume that contains injected data from multiple sources)'], ...(list as Loose[]).flatMap((source) => projection(source, call))],
  downwardAPI: ({ items = [] }) => [['Type', 'DownwardAPI (a volume populated by information about the pod)'], ['Items', ''], ...(items as Loose[]).map(({ fieldRef, resourceFieldRef, path }): [string, unknown] => ['', `${fieldRef?.fieldPath ?? resourceFieldRef?.resource} -> ${path}`])],
  csi: ({ driver, fsType, readOnly, volumeHandle }) => [
    ['Type', 'CSI (a Container Storage Interface (CSI) volume source)'],
    ['Driver', driver],
    ['FSType', fsType ?? ''],
    ...(volumeHandle ? ([['VolumeHandle', volumeHandle]] as Lines) : []),
    ['ReadOnly', Boolean(readOnly)],
  ],
};

function projection({ secret, configMap, serviceAccountToken, downwardAPI }: Loose, { version }: Call): Lines {
  // Before, Go printed the flag as the pointer that it is: a missing one is <nil>.
  const optional = (title: string, flag: boolean | undefined): [string, unknown] => (version.has('describe-projected-optional') ? ['Optional', Boolean(flag)] : [title, flag === undefined ? '<nil>' : '0xc000012345']);
  if (secret) return [['SecretName', secret.name], optional('SecretOptionalName', secret.optional)];
  if (downwardAPI) return [['DownwardAPI', 'true']];
  if (configMap) return [['ConfigMapName', configMap.name], optional('ConfigMapOptional', configMap.optional)];
  return serviceAccountToken ? [['TokenExpirationSeconds', serviceAccountToken.expirationSeconds ?? 3600]] : [];
}

function attributes(w: Writer, map: Readonly<Record<string, string>> = {}): void {
  const keys = Object.keys(map).sort();
  w.write(2, 'VolumeAttributes:\t');
  if (keys.length === 0) w.line(0, '<none>');
  keys.forEach((key, i) => (i > 0 ? w.write(2, '').write(2, '\t') : w).line(2, `${key}=${map[key]}`));
}

/** The claim that a pod brings along. */
function ephemeral(w: Writer, { volumeClaimTemplate }: Loose): void {
  w.field(2, 'Type', 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)');
  if (!volumeClaimTemplate) return;
  const { metadata = {}, spec } = volumeClaimTemplate;
  w.field(2, 'StorageClass', spec.storageClassName ?? '').field(2, 'Volume', spec.volumeName ?? '');
  multiline(w, 'Labels', metadata.labels, { indent: '    ' });
  multiline(w, 'Annotations', metadata.annotations, { indent: '    ' });
  w.field(2, 'Capacity', '').field(2, 'Access Modes', '');
  if (spec.volumeMode) w.field(2, 'VolumeMode', spec.volumeMode);
}
