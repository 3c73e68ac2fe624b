export * from './field-error.ts';
export * from './object.ts';
export * from './resource.ts';
export * from './status.ts';
export type * from './types.ts';
export * from './version.ts';
