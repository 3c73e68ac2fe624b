export { evaluate, valuesAt } from './evaluate.ts';
export { JsonPathError, parseTemplate, relaxed } from './parse.ts';
