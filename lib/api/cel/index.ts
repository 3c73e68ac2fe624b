export { compile, type Environment, newEnvironment, type Program } from './compile.ts';
export { type CelType, fieldName, root, type Schema, typeOf, untyped } from './types.ts';
