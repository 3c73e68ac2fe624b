// The sources of volumes that are not the cluster's own, as `kubectl describe` shows them: what they are and which fields.

type Loose = Record<string, any>;
/** Name and value; a line without a name belongs to the list above it. */
export type Lines = [string, unknown][];

/** A field by its title, and what is shown of the source. */
type Row = [title: string, value: (source: Loose, persistent: boolean) => unknown];

const text = (field: string): ((source: Loose) => unknown) => (source) => source[field] ?? '';
const number = (field: string): ((source: Loose) => unknown) => (source) => source[field] ?? 0;
const list = (field: string): ((source: Loose) => unknown) => (source) => `[${(source[field] ?? []).join(' ')}]`;
const flag = (field: string): ((source: Loose) => unknown) => (source) => Boolean(source[field]);
const readOnly: Row = ['ReadOnly', flag('readOnly')];
const fsType: Row = ['FSType', text('fsType')];
/** As Go prints a pointer: a pod's secret is one of its namespace. */
const secretRef: Row = ['SecretRef', ({ secretRef: ref }, persistent) => (!ref ? 'nil' : persistent ? `&SecretReference{Name:${ref.name ?? ''},Namespace:${ref.namespace ?? ''},}` : `&LocalObjectReference{Name:${ref.name ?? ''},}`)];
const options = ({ options: map = {} }: Loose) => `map[${Object.keys(map).sort().map((key) => `${key}:${map[key]}`).join(' ')}]`;

const row = (titles: string): Row[] => titles.split(' ').map((pair) => [pair.split(':')[0]!, text(pair.split(':')[1]!)]);

const others: Record<string, [string, ...Row[]]> = {
  gcePersistentDisk: ['GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)', ['PDName', text('pdName')], fsType, ['Partition', number('partition')], readOnly],
  awsElasticBlockStore: ['AWSElasticBlockStore (a Persistent Disk resource in AWS)', ['VolumeID', text('volumeID')], fsType, ['Partition', number('partition')], readOnly],
  gitRepo: ['GitRepo (a volume that is pulled from git when the pod is created)', ...row('Repository:repository Revision:revision')],
  nfs: ['NFS (an NFS mount that lasts the lifetime of a pod)', ...row('Server:server Path:path'), readOnly],
  iscsi: [
    "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
    ...row('TargetPortal:targetPortal IQN:iqn'),
    ['Lun', number('lun')],
    ['ISCSIInterface', text('iscsiInterface')],
    fsType,
    readOnly,
    ['Portals', list('portals')],
    ['DiscoveryCHAPAuth', flag('chapAuthDiscovery')],
    ['SessionCHAPAuth', flag('chapAuthSession')],
    secretRef,
    ['InitiatorName', ({ initiatorName }) => initiatorName ?? '<none>'],
  ],
  rbd: ['RBD (a Rados Block Device mount on the host that shares a pod\'s lifetime)', ['CephMonitors', list('monitors')], ['RBDImage', text('image')], fsType, ...row('RBDPool:pool RadosUser:user Keyring:keyring'), secretRef, readOnly],
  quobyte: ['Quobyte (a Quobyte mount on the host that shares a pod\'s lifetime)', ...row('Registry:registry Volume:volume'), readOnly],
  azureDisk: ['AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)', ...row('DiskName:diskName DiskURI:diskURI'), ['Kind', ({ kind }) => kind], fsType, ['CachingMode', text('cachingMode')], readOnly],
  vsphereVolume: ['vSphereVolume (a Persistent Disk resource in vSphere)', ['VolumePath', text('volumePath')], fsType, ['StoragePolicyName', text('storagePolicyName')]],
  cinder: ['Cinder (a Persistent Disk resource in OpenStack)', ['VolumeID', text('volumeID')], fsType, readOnly, secretRef],
  photonPersistentDisk: ['PhotonPersistentDisk (a Persistent Disk resource in photon platform)', ['PdID', text('pdID')], fsType],
  portworxVolume: ['PortworxVolume (a Portworx Volume resource)', ['VolumeID', text('volumeID')]],
  cephfs: ['CephFS (a CephFS mount on the host that shares a pod\'s lifetime)', ['Monitors', list('monitors')], ...row('Path:path User:user SecretFile:secretFile'), secretRef, readOnly],
  storageos: ['StorageOS (a StorageOS Persistent Disk resource)', ...row('VolumeName:volumeName VolumeNamespace:volumeNamespace'), fsType, readOnly],
  fc: ['FC (a Fibre Channel disk)', ['TargetWWNs', ({ targetWWNs = [] }) => targetWWNs.join(', ')], ['LUN', ({ lun }) => lun ?? '<none>'], fsType, readOnly],
  flexVolume: ['FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)', ['Driver', text('driver')], fsType, secretRef, readOnly, ['Options', options]],
  flocker: ['Flocker (a Flocker volume mounted by the Flocker agent)', ...row('DatasetName:datasetName DatasetUUID:datasetUUID')],
  local: ['LocalVolume (a persistent volume backed by local storage on a node)', ['Path', text('path')]],
};

const scaleIO = row('Gateway:gateway System:system Protection_Domain:protectionDomain Storage_Pool:storagePool Storage_Mode:storageMode VolumeName:volumeName');

/** Those of which a persistent volume tells more than a pod: where the secret or the endpoints are. */
const ofVolume = {
  glusterfs: (persistent: boolean): Row[] => [['EndpointsName', text('endpoints')], ...(persistent ? [['EndpointsNamespace', ({ endpointsNamespace }) => endpointsNamespace ?? '<unset>'] as Row] : []), ['Path', text('path')], readOnly],
  azureFile: (persistent: boolean): Row[] => [['SecretName', text('secretName')], ...(persistent ? [['SecretNamespace', text('secretNamespace')] as Row] : []), ['ShareName', text('shareName')], readOnly],
  scaleIO: (persistent: boolean): Row[] => [...scaleIO, ...(persistent ? ([['SecretName', ({ secretRef: ref }) => ref?.name ?? ''], ['SecretNamespace', ({ secretRef: ref }) => ref?.namespace ?? '']] as Row[]) : []), fsType, readOnly],
};
const ofVolumeTypes: Record<keyof typeof ofVolume, string> = {
  glusterfs: 'Glusterfs (a Glusterfs mount on the host that shares a pod\'s lifetime)',
  azureFile: 'AzureFile (an Azure File Service mount on the host and bind mount to the pod)',
  scaleIO: 'ScaleIO (a persistent volume backed by a block device in ScaleIO)',
};

/** The lines of a source from outside the cluster. */
export function outsideLines(volume: Loose, persistent: boolean): Lines | undefined {
  for (const [key, [type, ...rows]] of Object.entries(others)) if (volume[key]) return lines([type, ...rows], volume[key], persistent);
  for (const key of Object.keys(ofVolume) as (keyof typeof ofVolume)[]) if (volume[key]) return lines([ofVolumeTypes[key], ...ofVolume[key](persistent)], volume[key], persistent);
  return undefined;
}

const lines = ([type, ...rows]: [string, ...Row[]], source: Loose, persistent: boolean): Lines => [['Type', type], ...rows.map(([title, value]): [string, unknown] => [title.replace('_', ' '), value(source, persistent)])];
