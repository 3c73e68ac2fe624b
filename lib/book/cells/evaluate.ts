// Evaluates compiled cells in this process.
import { SourceMap } from 'node:module';
import vm from 'node:vm';
import type { CellError, CompiledCell } from './protocol.ts';
import type { createScope } from './scope.ts';
import { tidyErrors } from '../tidy-errors.ts';

const filename = 'cell.js';
/** Where errors arose, noted when they were printed. */
const frames = new WeakMap<Error, NodeJS.CallSite[]>();

/** From now on it is known at which line of a cell an error arose. */
export function noteErrors(): void {
  tidyErrors((error, found) => frames.set(error, found));
}

interface Surroundings {
  scope: ReturnType<typeof createScope>;
  require(id: string): unknown;
}

/** Why it stopped, when it did not come to its end. */
export async function runOne({ js, map }: CompiledCell, { scope, require }: Surroundings): Promise<CellError | undefined> {
  const hands: { require: typeof require; names: Record<string, () => unknown>; last?: unknown } = { require, names: {} };
  try {
    const run = vm.runInThisContext(`(function (__scope) { with (__scope) { return (\n${js}\n)}})`, { filename }) as (scope: object) => (cell: typeof hands) => unknown;
    const promise = run(scope.names)(hands);
    if (promise) await promise;
    scope.declare(hands.names);
    if (hands.last != null) console.log(hands.last);
  } catch (error) {
    console.error(error);
    return describe(error, map);
  }
}

function describe(error: unknown, map: string): CellError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const line = lineOf(error, map);
  return { name: error.name, message: error.message, ...(line && { line }) };
}

/** The line of the cell at which the error arose, through esbuild's source map. */
function lineOf(error: Error, map: string): number | undefined {
  const frame = frames.get(error)?.find((one) => one.getFileName() === filename);
  if (!frame) return undefined;
  const found = new SourceMap(JSON.parse(map)).findEntry(frame.getLineNumber()! - 2, frame.getColumnNumber()! - 1);
  return 'originalLine' in found ? found.originalLine + 1 : undefined;
}
