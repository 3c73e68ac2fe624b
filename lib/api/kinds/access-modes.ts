const short: Record<string, string> = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' };

/** `RWO,ROX`, always in this order. */
export function accessModesText(modes: readonly string[] = []): string {
  return Object.keys(short).filter((mode) => modes.includes(mode)).map((mode) => short[mode]).join(',');
}

/** The class of a claim or volume: the old annotation wins over the field. */
export function storageClassOf({ metadata, spec }: { metadata: { annotations?: Record<string, string> }; spec?: { storageClassName?: string } }): string {
  return metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '';
}
