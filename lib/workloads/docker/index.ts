export { dockerCommand } from './cli.ts';
export { DockerEngine } from './engine.ts';
export { type DockerRelease, releases } from './release.ts';
