export { type FieldTracker, fieldTracker } from './tracker.ts';
