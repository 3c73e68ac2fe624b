// The TypeScript that tslab carries (5.0.4): cells are read and checked by the same compiler that will run them.
import { require, tslabTypeScriptPath } from '../project.ts';

// tslab's copy has the interface of TypeScript 5.0, which the current package no longer ships.
// Untyped on purpose
export type TypeScript = any;

let loaded: TypeScript;
export function typescript(): TypeScript {
  loaded ??= require(tslabTypeScriptPath());
  return loaded;
}
