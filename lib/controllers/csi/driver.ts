import type { Node } from '../../api/index.ts';

/** What the controller of a CSI driver does for the sidecars beside it. Each call may be made again at any time. */
export interface CsiDriver {
  readonly name: string;
  /** A second request of one name answers with the first volume. */
  createVolume(order: { name: string; bytes: number; zone: string | undefined }): { handle: string; zone: string };
  deleteVolume(handle: string): void;
  /** Brings the volume to a machine; what it returns is handed to the kubelet there. Throws what the driver says. */
  publishVolume(handle: string, node: Node): Record<string, string>;
  /** Takes it away. A machine that is gone is no error. */
  unpublishVolume(handle: string, node: string): void;
}

/** `external-attacher/disk-csi-kubook` */
export const attacherFinalizer = (driver: string): string => `external-attacher/${driver.replace(/[^a-zA-Z0-9-]/g, '-')}`;
