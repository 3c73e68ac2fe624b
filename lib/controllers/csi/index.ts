export { csiAttacher } from './attacher.ts';
export type { CsiDriver } from './driver.ts';
