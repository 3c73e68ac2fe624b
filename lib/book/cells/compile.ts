// A cell as JavaScript: a function of its own whose top-level names are handed out, so that later cells can see them.
import { transform } from 'esbuild';
import type { CellShape } from './analyse.ts';
import type { CompiledCell } from './protocol.ts';

const options = {
  loader: 'ts',
  target: 'es2022',
  sourcemap: 'external',
  sourcesContent: false,
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, experimentalDecorators: true, useDefineForClassFields: true } },
} as const;

export async function compile(code: string, shape: CellShape): Promise<CompiledCell> {
  const { code: js, map } = await transform(wrap(code, shape), options);
  return { js: js.trimEnd().replace(/;$/, ''), map };
}

/** Adds nothing before the cell's first line and no line inside it, so that lines keep their numbers. */
function wrap(code: string, { imports, names, last, awaits }: CellShape): string {
  const edits = imports.map(({ start, end, text }) => ({ start, end, text: text.replace(/[^\n]/g, ' ') }));
  if (last) edits.push({ start: last.start, end: last.end, text: `__cell.last = (${code.slice(last.start, last.end)}\n)` });
  let body = code;
  for (const { start, end, text } of edits.sort((a, b) => b.start - a.start)) body = body.slice(0, start) + text + body.slice(end);
  const readers = names.map((name) => `${JSON.stringify(name)}: () => ${name}`).join(', ');
  const head = `__cell.names = { ${readers} }; ${imports.map(requireCall).join(' ')}`;
  return `(${awaits ? 'async ' : ''}function (__cell) { ${head} ${body}\n})`;
}

function requireCall({ module, byDefault, all, names, text }: CellShape['imports'][number], index: number): string {
  if (/^import\s+type\b/.test(text)) return '';
  const found = `__import${index}`;
  const parts = [`const ${found} = __cell.require(${JSON.stringify(module)});`];
  if (byDefault) parts.push(`const ${byDefault} = ${found}.__esModule ? ${found}.default : ${found};`);
  if (all) parts.push(`const ${all} = ${found};`);
  if (names.length > 0) parts.push(`const { ${names.map(({ name, as }) => `${name}: ${as}`).join(', ')} } = ${found};`);
  return parts.join(' ');
}
