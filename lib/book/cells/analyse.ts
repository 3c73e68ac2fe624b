// What a cell declares, imports and ends with: all that is needed to run it as tslab does.
import { type TypeScript, typescript } from './typescript.ts';

/** A message about a place in a cell, as tslab prints it: `3:5 - Cannot find name 'x'.` Lines and columns from 1. */
export interface CellMessage {
  line: number;
  column: number;
  text: string;
}

export interface CellImport {
  start: number;
  end: number;
  /** As written. */
  text: string;
  module: string;
  /** `import x from`, `import * as x from`, `import { a as b } from`; types are left out. */
  byDefault?: string;
  all?: string;
  names: { name: string; as: string }[];
}

export interface CellShape {
  imports: CellImport[];
  /** Names with a value that later cells will see (a `var` inside a block is none: tslab forgets it). */
  names: string[];
  /** Where the last expression stands; its value is printed. */
  last: { start: number; end: number } | undefined;
  awaits: boolean;
  /** The id, when the cell is one `await exercise('id', …)` and nothing else. */
  exercise: string | undefined;
  /** Syntax errors, and what tslab does not accept. */
  messages: CellMessage[];
}

export function analyse(code: string): CellShape {
  const ts = typescript();
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const messages: CellMessage[] = file.parseDiagnostics.map((found: TypeScript) => ({
    ...place(file, found.start),
    text: ts.flattenDiagnosticMessageText(found.messageText, '\n'),
  }));
  const imports: CellImport[] = file.statements.filter(ts.isImportDeclaration).map((node: TypeScript) => toImport(ts, file, node));
  const names = new Set<string>(imports.flatMap((found) => [found.byDefault, found.all, ...found.names.map((name) => name.as)].filter((name) => name !== undefined)));
  for (const statement of file.statements) declared(ts, statement, names);
  if (messages.length === 0) messages.push(...refusals(ts, file));
  return { imports, names: [...names], last: lastExpression(ts, file), awaits: awaits(ts, file), exercise: exerciseCall(ts, file), messages };
}

function exerciseCall(ts: TypeScript, file: TypeScript): string | undefined {
  const [only, ...more] = file.statements;
  const call = only && more.length === 0 && ts.isExpressionStatement(only) && ts.isAwaitExpression(only.expression) && only.expression.expression;
  if (!call || !ts.isCallExpression(call) || call.expression.getText(file) !== 'exercise') return undefined;
  const [id] = call.arguments;
  return id && ts.isStringLiteralLike(id) ? id.text : undefined;
}

/** The ids of all exercises that a piece of code calls. */
export function exerciseCalls(code: string): string[] {
  const ts = typescript();
  const ids: string[] = [];
  walkAll(ts, ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ES2022, true), (node) => {
    if (!ts.isCallExpression(node) || !/^(\w+\.)?exercise$/.test(node.expression.getText())) return;
    const [id] = node.arguments;
    if (id && ts.isStringLiteralLike(id)) ids.push(id.text);
  });
  return ids;
}

function place(file: TypeScript, offset: number): { line: number; column: number } {
  const { line, character } = file.getLineAndCharacterOfPosition(offset);
  return { line: line + 1, column: character + 1 };
}

function toImport(ts: TypeScript, file: TypeScript, node: TypeScript): CellImport {
  const clause = node.importClause;
  const found: CellImport = { start: node.getStart(file), end: node.end, text: node.getText(file), module: node.moduleSpecifier.text, names: [] };
  if (!clause || clause.isTypeOnly) return found;
  if (clause.name) found.byDefault = clause.name.text;
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) found.all = bindings.name.text;
  else if (bindings) {
    found.names = bindings.elements
      .filter((element: TypeScript) => !element.isTypeOnly)
      .map((element: TypeScript) => ({ name: (element.propertyName ?? element.name).text, as: element.name.text }));
  }
  return found;
}

function declared(ts: TypeScript, statement: TypeScript, names: Set<string>): void {
  if (statement.modifiers?.some((modifier: TypeScript) => modifier.kind === ts.SyntaxKind.DeclareKeyword)) return;
  if (ts.isVariableStatement(statement)) for (const one of statement.declarationList.declarations) bound(ts, one.name, names);
  else if (ts.isFunctionDeclaration(statement) && statement.body && statement.name) names.add(statement.name.text);
  else if ((ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) && statement.name) names.add(statement.name.text);
}

function bound(ts: TypeScript, name: TypeScript, names: Set<string>): void {
  if (ts.isIdentifier(name)) names.add(name.text);
  else for (const element of name.elements) if (element.name) bound(ts, element.name, names);
}

function lastExpression(ts: TypeScript, file: TypeScript): { start: number; end: number } | undefined {
  const last = file.statements.at(-1);
  if (!last || !ts.isExpressionStatement(last)) return undefined;
  return { start: last.expression.getStart(file), end: last.expression.end };
}

function awaits(ts: TypeScript, file: TypeScript): boolean {
  let found = false;
  walk(ts, file, (node) => {
    found ||= ts.isAwaitExpression(node);
  });
  return found;
}

/** What parses, but stops a cell in tslab. */
function refusals(ts: TypeScript, file: TypeScript): CellMessage[] {
  const messages: CellMessage[] = [];
  const refuse = (node: TypeScript, text: string) => messages.push({ ...place(file, node.getStart(file)), text });
  let forAwait: TypeScript;
  walk(ts, file, (node) => {
    if (ts.isReturnStatement(node)) refuse(node, "A 'return' statement can only be used within a function body.");
    if (ts.isForOfStatement(node) && node.awaitModifier) forAwait ??= node;
  });
  walkAll(ts, file, (node) => {
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) refuse(node, "'import.meta' is not available in a cell.");
  });
  if (forAwait && !awaits(ts, file)) refuse(forAwait, "A top-level 'for await' needs another 'await' in the same cell.");
  for (const statement of file.statements) {
    const exported = statement.modifiers?.some((modifier: TypeScript) => modifier.kind === ts.SyntaxKind.ExportKeyword);
    if (exported || ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) refuse(statement, "A cell may not use 'export': its declarations are visible to later cells anyway.");
    if (ts.isImportEqualsDeclaration(statement)) refuse(statement, "A cell may not use 'import x = require(…)'.");
  }
  return messages;
}

/** Visits what belongs to the cell itself, not to the functions and classes in it. */
function walk(ts: TypeScript, node: TypeScript, visit: (node: TypeScript) => void): void {
  ts.forEachChild(node, (child: TypeScript) => {
    visit(child);
    if (!ts.isFunctionLike(child) && !ts.isClassLike(child) && !ts.isModuleDeclaration(child)) walk(ts, child, visit);
  });
}

function walkAll(ts: TypeScript, node: TypeScript, visit: (node: TypeScript) => void): void {
  ts.forEachChild(node, (child: TypeScript) => {
    visit(child);
    walkAll(ts, child, visit);
  });
}
