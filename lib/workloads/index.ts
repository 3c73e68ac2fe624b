export type { Repository } from './catalogue.ts';
export { Container } from './container.ts';
export { type Image, type Layer, Registries } from './images.ts';
export { filesIn } from './files.ts';
export type { FileSystem, Process, Program, Running } from './program.ts';
export { familiarName, fullName, InvalidReference, parseReference, type Reference, repositoryOf } from './reference.ts';
export { ContainerRuntime, createRuntime, type EndedContainer, type RuntimeOptions } from './runtime.ts';
export { type Command, ExitShell, type Io, parseScript, Shell } from './sh/index.ts';
