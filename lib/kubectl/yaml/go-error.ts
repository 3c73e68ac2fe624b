// What go-yaml says about a text that is not YAML: the grammar over the scanner's tokens, for its errors only.
import { YamlProblem } from './cursor.ts';
import { Scanner, type TokenType } from './scanner.ts';

export interface GoYamlError {
  /** `line 3: found character that cannot start any token` */
  message: string;
  /** The line as go-yaml counts it; 0 when it names none. */
  line: number;
}

/** The error of the first document in a text, undefined when go-yaml can read it. */
export function goYamlError(text: string): GoYamlError | undefined {
  try {
    document(new Scanner(text), new Set());
    return undefined;
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    // A line of 0 counts as none; only the scanner's problems are counted from 1.
    const line = error.line === 0 ? 0 : error.line + (error.fromScanner ? 1 : 0);
    return { line, message: line ? `line ${line}: ${error.message}` : error.message };
  }
}

function document(scanner: Scanner, anchors: Set<string>): void {
  while (scanner.peek().type === 'document-start' || scanner.peek().type === 'document-end') {
    const { type } = scanner.take();
    if (type === 'document-start' && ['document-start', 'document-end', 'stream-end'].includes(scanner.peek().type)) return;
  }
  if (scanner.peek().type === 'stream-end') return;
  node(scanner, anchors, true, false);
  scanner.peek();
}

function fail(message: string, line: number): never {
  throw new YamlProblem(message, line, false);
}

function node(scanner: Scanner, anchors: Set<string>, block: boolean, indentless: boolean): void {
  let token = scanner.peek();
  if (token.type === 'alias') {
    if (!anchors.has(token.value!)) throw new YamlProblem(`unknown anchor '${token.value}' referenced`, 0, false);
    scanner.take();
    return;
  }
  let properties = false;
  while (token.type === 'anchor' || token.type === 'tag') {
    if (token.type === 'anchor') anchors.add(token.value!);
    properties = true;
    scanner.take();
    token = scanner.peek();
  }
  if (indentless && token.type === 'block-entry') return sequence(scanner, anchors, true);
  if (token.type === 'scalar') return void scanner.take();
  if (token.type === 'flow-sequence-start') return flowSequence(scanner, anchors);
  if (token.type === 'flow-mapping-start') return flowMapping(scanner, anchors);
  if (block && token.type === 'block-sequence-start') {
    scanner.take();
    return sequence(scanner, anchors, false);
  }
  if (block && token.type === 'block-mapping-start') return mapping(scanner, anchors);
  if (!properties) fail('did not find expected node content', token.line);
}

function nodeUnless(scanner: Scanner, anchors: Set<string>, ends: readonly TokenType[], block: boolean, indentless = false): void {
  if (!ends.includes(scanner.peek().type)) node(scanner, anchors, block, indentless);
}

function sequence(scanner: Scanner, anchors: Set<string>, indentless: boolean): void {
  while (scanner.peek().type === 'block-entry') {
    scanner.take();
    nodeUnless(scanner, anchors, indentless ? ['block-entry', 'key', 'value', 'block-end'] : ['block-entry', 'block-end'], true);
  }
  if (indentless) return;
  if (scanner.peek().type !== 'block-end') fail("did not find expected '-' indicator", scanner.peek().line);
  scanner.take();
}

function mapping(scanner: Scanner, anchors: Set<string>): void {
  scanner.take();
  for (let token = scanner.peek(); token.type !== 'block-end'; token = scanner.peek()) {
    if (token.type !== 'key' && token.type !== 'value') fail('did not find expected key', token.line);
    if (token.type === 'key') {
      scanner.take();
      nodeUnless(scanner, anchors, ['key', 'value', 'block-end'], true, true);
    }
    if (scanner.peek().type === 'value') {
      scanner.take();
      nodeUnless(scanner, anchors, ['key', 'value', 'block-end'], true, true);
    }
  }
  scanner.take();
}

function flowSequence(scanner: Scanner, anchors: Set<string>): void {
  scanner.take();
  for (let first = true; scanner.peek().type !== 'flow-sequence-end'; first = false) {
    if (!first) {
      if (scanner.peek().type !== 'flow-entry') fail("did not find expected ',' or ']'", scanner.peek().line);
      scanner.take();
      if (scanner.peek().type === 'flow-sequence-end') break;
    }
    if (scanner.peek().type === 'key') {
      scanner.take();
      nodeUnless(scanner, anchors, ['value', 'flow-entry', 'flow-sequence-end'], false);
      if (scanner.peek().type === 'value') {
        scanner.take();
        nodeUnless(scanner, anchors, ['flow-entry', 'flow-sequence-end'], false);
      }
    } else node(scanner, anchors, false, false);
  }
  scanner.take();
}

function flowMapping(scanner: Scanner, anchors: Set<string>): void {
  scanner.take();
  for (let first = true; scanner.peek().type !== 'flow-mapping-end'; first = false) {
    if (!first) {
      if (scanner.peek().type !== 'flow-entry') fail("did not find expected ',' or '}'", scanner.peek().line);
      scanner.take();
      if (scanner.peek().type === 'flow-mapping-end') break;
    }
    if (scanner.peek().type === 'key') {
      scanner.take();
      nodeUnless(scanner, anchors, ['value', 'flow-entry', 'flow-mapping-end'], false);
      if (scanner.peek().type === 'value') {
        scanner.take();
        nodeUnless(scanner, anchors, ['flow-entry', 'flow-mapping-end'], false);
      }
    } else node(scanner, anchors, false, false);
  }
  scanner.take();
}
