// What changes the number of pods, or of nodes, with the load.
export * from './horizontal/index.ts';
