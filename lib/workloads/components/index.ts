export { parseComponent, type Parsed } from './command-line.ts';
export { components } from './flags.ts';
export { flagsOf, helpText } from './help.ts';
export { dispatch, hyperkube, type Said, saying } from './hyperkube.ts';
