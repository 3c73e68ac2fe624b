export { dockerCommand } from './cli.ts';
export { DockerEngine } from './engine.ts';
export { humanDuration, imageSize } from './human.ts';
export { type DockerRelease, releases } from './release.ts';
