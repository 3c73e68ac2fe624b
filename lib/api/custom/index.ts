export { customKinds } from './kinds.ts';
export { objectsOf, remoteRows, type RemoteTable, type RemoteVersion } from './remote.ts';
export { type CustomResource, customResource, deprecationOf, numberAt } from './resource.ts';
export type { SchemaProps } from './schema-props.ts';
export { pruned } from './shape-value.ts';
