import { type PersistentVolumeClaim, volumeAnnotations } from '../../api/index.ts';

/** The name of the volume that is made for a claim. */
export const nameFor = ({ metadata }: PersistentVolumeClaim): string => `pvc-${metadata.uid}`;

/** Where the scheduler will put the first pod that uses it. */
export const selectedNode = ({ metadata }: PersistentVolumeClaim): string | undefined => metadata.annotations?.[volumeAnnotations.selectedNode];
