// The language itself comes from a library. The build makes this import one that happens when the first expression is compiled.
export * as cel from '@marcbachmann/cel-js';
