export { csiSnapshotter } from './csi-snapshotter.ts';
export { snapshotController } from './snapshot-controller.ts';
