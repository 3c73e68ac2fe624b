export { statsPage } from './page.ts';
export { controlPlaneUse, type SystemUse, workerUse } from './usage.ts';
