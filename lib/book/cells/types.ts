// Type checks cells as tslab would: its compiler, not strict, the library of ES2022, old module resolution.
// tslab checks cell after cell with the declarations of the earlier ones beside it. Here one program holds a lesson:
// each cell is a function inside the one before, so it sees what came earlier and may declare a name anew.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { require, root } from '../project.ts';
import { type CellMessage, type CellShape, analyse } from './analyse.ts';
import { type TypeScript, typescript } from './typescript.ts';

export interface CheckOptions {
  /** The declarations that `import … from 'kubook'` means. */
  kubook?: string;
}

interface Piece {
  /** Offset in the program's file, and the cell's own offset there. */
  at: number;
  length: number;
  cell: number;
  offset: number;
}

interface Nested {
  text: string;
  pieces: Piece[];
}

/** For each lesson (a list of cells' code) what is wrong in each cell. A cell with errors declares nothing. */
export function checkTypes(lessons: string[][], { kubook = join(root, kubookTypes()) }: CheckOptions = {}): CellMessage[][][] {
  const shapes = lessons.map((cells) => cells.map(analyse));
  const found = lessons.map((cells) => cells.map((): CellMessage[] => []));
  let open = lessons.map((_, i) => i);
  // Once more without the faulty cells, until no later cell is at fault for the first time.
  while (open.length > 0) {
    const nested = open.map((i) => nest(lessons[i]!, shapes[i]!, found[i]!));
    const messages = checkFiles(nested, kubook);
    open = open.filter((i, at) => addMessages(found[i]!, messages[at]!, lessons[i]!));
  }
  return found;
}

function kubookTypes(): string {
  return (require('./package.json') as { types: string }).types;
}

/** Keeps the messages of the first faulty cell and of those after it that were clean; true when cells after it must be looked at again. */
function addMessages(found: CellMessage[][], fresh: { cell: number; offset: number; text: string }[], cells: string[]): boolean {
  const first = Math.min(...fresh.map((message) => message.cell));
  for (const { cell, offset, text } of fresh.filter((message) => message.cell === first)) {
    const before = cells[cell]!.slice(0, offset).split('\n');
    found[cell]!.push({ line: before.length, column: before.at(-1)!.length + 1, text });
  }
  return fresh.length > 0 && first < cells.length - 1;
}

function nest(cells: string[], shapes: CellShape[], found: CellMessage[][]): Nested {
  const pieces: Piece[] = [];
  let text = 'export {};\n';
  const add = (part: string, cell: number, offset: number) => {
    pieces.push({ at: text.length, length: part.length, cell, offset });
    text += `${part}\n`;
  };
  const usable = cells.map((_, cell) => found[cell]!.length === 0 && shapes[cell]!.messages.length === 0);
  const seen = new Set<string>();
  cells.forEach((_, cell) => {
    for (const one of usable[cell] ? shapes[cell]!.imports : []) if (!seen.has(one.text) && seen.add(one.text)) add(one.text, cell, one.start);
  });
  let depth = 0;
  cells.forEach((code, cell) => {
    if (!usable[cell]) return;
    text += `async function __cell${cell}() {\n`;
    depth++;
    let body = code;
    for (const { start, end, text: written } of shapes[cell]!.imports) body = body.slice(0, start) + written.replace(/[^\n]/g, ' ') + body.slice(end);
    add(body, cell, 0);
  });
  return { text: text + '}'.repeat(depth), pieces };
}

function checkFiles(nested: Nested[], kubook: string): { cell: number; offset: number; text: string }[][] {
  const ts = typescript();
  const options = compilerOptions(ts);
  const names = nested.map((_, i) => join(root, 'notebooks', `__cells${i}__.ts`));
  const host = checkHost(ts, options, { kubook, files: new Map(names.map((name, i) => [name, nested[i]!.text])) });
  const program = ts.createProgram(names, options, host);
  return names.map((name, i) => {
    const file = program.getSourceFile(name);
    const all = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return all.flatMap((one: TypeScript) => {
      const piece = nested[i]!.pieces.find(({ at, length }) => one.start >= at && one.start <= at + length);
      if (!piece) return [];
      const offset = one.start - piece.at + piece.offset;
      return chain(one.messageText).map((text) => ({ cell: piece.cell, offset, text }));
    });
  });
}

/** tslab prints every link of an explanation as a message of its own. */
function chain(message: string | { messageText: string; next?: TypeScript[] }): string[] {
  return typeof message === 'string' ? [message] : [message.messageText, ...(message.next ?? []).flatMap(chain)];
}

function compilerOptions(ts: TypeScript): TypeScript {
  return {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    esModuleInterop: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    experimentalDecorators: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  };
}

/** Files are parsed once in a process: the library's declarations are most of the work. */
const parsed = new Map<string, TypeScript>();

function checkHost(ts: TypeScript, options: TypeScript, { kubook, files }: { kubook: string; files: Map<string, string> }): TypeScript {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  const cache = ts.createModuleResolutionCache(root, (name: string) => name, options);
  return Object.assign(host, {
    getCurrentDirectory: () => join(root, 'notebooks'),
    fileExists: (name: string) => files.has(name) || fileExists.call(host, name),
    readFile: (name: string) => files.get(name) ?? readFileSync(name, 'utf8'),
    getSourceFile(name: string, target: TypeScript) {
      const text = files.get(name);
      if (text !== undefined) return ts.createSourceFile(name, text, target);
      if (!parsed.has(name)) parsed.set(name, getSourceFile.call(host, name, target));
      return parsed.get(name);
    },
    resolveModuleNames: (modules: string[], from: string) =>
      modules.map((module) =>
        module === 'kubook'
          ? { resolvedFileName: kubook, isExternalLibraryImport: true, extension: '.d.ts' }
          : ts.resolveModuleName(module, from, options, host, cache).resolvedModule,
      ),
  });
}
