// What a volume gets when the user left it out (pkg/apis/core/v1/defaults.go).
import type { Volume } from 'kubernetes-types/core/v1';

const fileMode = 0o644;
type Source = Record<string, unknown>;
type Items = { fieldRef?: { apiVersion?: string }; resourceFieldRef?: { divisor?: string } }[];

const fill = (source: Source, values: Source) => {
  for (const key in values) if (source[key] === undefined || source[key] === '') source[key] = values[key];
};

function downwardItems(items?: Items): void {
  for (const item of items ?? []) {
    if (item.fieldRef) item.fieldRef.apiVersion ||= 'v1';
    if (item.resourceFieldRef) item.resourceFieldRef.divisor ??= '0';
  }
}

/** One function for each volume type that has defaults. */
const defaulters: Record<string, (source: any) => void> = {
  hostPath: (source) => fill(source, { type: '' }),
  secret: (source) => fill(source, { defaultMode: fileMode }),
  configMap: (source) => fill(source, { defaultMode: fileMode }),
  downwardAPI: (source) => {
    fill(source, { defaultMode: fileMode });
    downwardItems(source.items);
  },
  projected: (source) => {
    fill(source, { defaultMode: fileMode });
    for (const part of source.sources ?? []) {
      if (part.serviceAccountToken) part.serviceAccountToken.expirationSeconds ??= 3600;
      if (part.downwardAPI) downwardItems(part.downwardAPI.items);
    }
  },
  iscsi: (source) => fill(source, { lun: 0, iscsiInterface: 'default' }),
  rbd: (source) => fill(source, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }),
  scaleIO: (source) => fill(source, { storageMode: 'ThinProvisioned', fsType: 'xfs' }),
  azureDisk(source) {
    source.cachingMode ??= 'ReadWrite';
    source.kind ??= 'Shared';
    source.fsType ??= 'ext4';
    source.readOnly ??= false;
  },
  ephemeral: (source) => {
    const template = source.volumeClaimTemplate;
    if (!template) return;
    template.metadata ??= {};
    template.metadata.creationTimestamp ??= null;
    template.spec ??= {};
    template.spec.volumeMode ??= 'Filesystem';
    template.spec.resources ??= {};
  },
};

/** The same sources in a persistent volume, where having none is an error. */
export function defaultSources(spec: Record<string, unknown>): void {
  for (const key in defaulters) if (spec[key]) defaulters[key]!(spec[key]);
}

/** A volume without a source is an emptyDir; sources get their modes and names. */
export function defaultVolumes(volumes: Volume[]): void {
  for (const volume of volumes) {
    let hasSource = false;
    for (const key in volume) {
      const source = volume[key as keyof Volume];
      if (key === 'name' || source === undefined || source === null) continue;
      hasSource = true;
      defaulters[key]?.(source);
    }
    if (!hasSource) volume.emptyDir = {};
  }
}
