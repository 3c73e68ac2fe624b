// What the process that runs cells is told, and what it tells.
import type { Report } from '../judge.ts';

export interface CompiledCell {
  /** An expression: a function that takes what the cell is handed, to be evaluated inside `with (scope)`. */
  js: string;
  /** A source map. */
  map: string;
}

export interface RunRequest {
  /** Each cell; null is skipped. */
  cells: (CompiledCell | null)[];
  /** The module that `import … from 'kubook'` means. */
  kubook: string;
  /** The folder from which other imports are resolved. */
  folder: string;
  /** Run another list of cells afterwards, if this one leaves nothing behind. */
  stay?: boolean;
  /** Goes back with every message. */
  token: string;
}

export type RunMessage =
  | { type: 'begin'; cell: number }
  | { type: 'text'; cell: number; text: string }
  | { type: 'report'; cell: number; report: Report }
  | { type: 'stuck' }
  /** The library itself could not be loaded: no cell is to blame. */
  | { type: 'broken'; why: string }
  | { type: 'end'; cell: number; error?: CellError }
  | { type: 'done'; clean: boolean };

/** Why a cell stopped. `line` is a line of the cell, when it is known. */
export interface CellError {
  name: string;
  message: string;
  line?: number;
}
