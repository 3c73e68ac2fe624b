export { compile, type Environment, messageFrom, newEnvironment, type Program } from './compile.ts';
export { type CelType, root, type Schema, typeOf, untyped } from './types.ts';
