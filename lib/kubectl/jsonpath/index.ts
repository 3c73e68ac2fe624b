export { evaluate, valuesAt, valuesOf } from './evaluate.ts';
export { JsonPathError, parseTemplate, relaxed } from './parse.ts';
