// Volumes, as `kubectl describe` shows them: the kinds that lessons use in full, others by name.
import type { Writer } from './writer.ts';

type Loose = Record<string, any>;
/** Name and value; a line without a name belongs to the list above it. */
type Lines = [string, unknown][];

export function describeVolumes(w: Writer, volumes: readonly Loose[] | undefined, space = ''): void {
  if (!volumes?.length) {
    w.line(0, `${space}Volumes:\t<none>`);
    return;
  }
  w.line(0, `${space}Volumes:`);
  for (const volume of volumes) {
    w.line(1, `${space ? ' ' : ''}${volume.name}:`);
    const lines = volumeLines(volume);
    if (lines) writeLines(w, lines);
    else w.line(1, '<unknown>');
  }
}

export function writeLines(w: Writer, lines: Lines): void {
  for (const [name, value] of lines) {
    if (name === '') w.line(3, String(value));
    else if (name === 'Items') w.line(2, 'Items:');
    else w.field(2, name, value ?? '');
  }
}

/** The lines of a volume's or a persistent volume's source. */
export function volumeLines(volume: Loose): Lines | undefined {
  for (const key of Object.keys(sources)) if (volume[key]) return sources[key]!(volume[key]);
  return undefined;
}

const sources: Record<string, (source: Loose) => Lines> = {
  hostPath: ({ path, type }) => [['Type', 'HostPath (bare host directory volume)'], ['Path', path], ['HostPathType', type ?? '<none>']],
  emptyDir: ({ medium = '', sizeLimit }) => [['Type', "EmptyDir (a temporary directory that shares a pod's lifetime)"], ['Medium', medium], ['SizeLimit', sizeLimit ?? '<unset>']],
  secret: ({ secretName, optional }) => [['Type', 'Secret (a volume populated by a Secret)'], ['SecretName', secretName], ['Optional', Boolean(optional)]],
  configMap: ({ name, optional }) => [['Type', 'ConfigMap (a volume populated by a ConfigMap)'], ['Name', name], ['Optional', Boolean(optional)]],
  persistentVolumeClaim: ({ claimName, readOnly }) => [['Type', 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)'], ['ClaimName', claimName], ['ReadOnly', Boolean(readOnly)]],
  projected: ({ sources: list = [] }) => [['Type', 'Projected (a volume that contains injected data from multiple sources)'], ...(list as Loose[]).flatMap(projection)],
  downwardAPI: ({ items = [] }) => [['Type', 'DownwardAPI (a volume populated by information about the pod)'], ['Items', ''], ...(items as Loose[]).map(({ fieldRef, resourceFieldRef, path }): [string, unknown] => ['', `${fieldRef?.fieldPath ?? resourceFieldRef?.resource} -> ${path}`])],
  nfs: ({ server, path, readOnly }) => [['Type', 'NFS (an NFS mount that lasts the lifetime of a pod)'], ['Server', server], ['Path', path], ['ReadOnly', Boolean(readOnly)]],
  local: ({ path }) => [['Type', 'LocalVolume (a persistent volume backed by local storage on a node)'], ['Path', path]],
  csi: ({ driver, fsType, readOnly, volumeHandle, volumeAttributes }) => [
    ['Type', 'CSI (a Container Storage Interface (CSI) volume source)'],
    ['Driver', driver],
    ['FSType', fsType ?? ''],
    ...(volumeHandle ? ([['VolumeHandle', volumeHandle]] as Lines) : []),
    ['ReadOnly', Boolean(readOnly)],
    ['VolumeAttributes', Object.entries((volumeAttributes ?? {}) as Loose).map(([key, value]) => `    ${key}=${value}`).join('\n') || '<none>'],
  ],
};

function projection({ secret, configMap, serviceAccountToken, downwardAPI }: Loose): Lines {
  // Go prints the optional flag of a secret as a pointer; a missing one is <nil>.
  if (secret) return [['SecretName', secret.name], ['Optional', Boolean(secret.optional)]];
  if (downwardAPI) return [['DownwardAPI', 'true']];
  if (configMap) return [['ConfigMapName', configMap.name], ['Optional', Boolean(configMap.optional)]];
  return serviceAccountToken ? [['TokenExpirationSeconds', serviceAccountToken.expirationSeconds ?? 3600]] : [];
}
