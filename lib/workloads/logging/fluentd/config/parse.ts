// Fluentd's own language (lib/fluent/config/v1_parser.rb).
import { joinPath, resolvePath, splitPath } from '../../../../machine/index.ts';
import { Element } from './element.ts';
import { literal, string } from './literal.ts';
import type { Ruby } from './ruby.ts';
import { lineEnd, Scanner, spacing, spacingWithoutComment } from './scanner.ts';

export interface ParseOptions {
  ruby: Ruby;
  /** Reads an included file; undefined: there is none. */
  read(path: string): string | undefined;
  /** Paths that a pattern stands for. */
  glob(pattern: string): readonly string[];
  warn(message: string): void;
}

const elementName = /[a-zA-Z0-9_]+/y;
const tagEnd = /(?:(?:[ \t\r\n]|$|#.*?(?:$|[\r\n]))*>)/y;
const reserved = new Set(['@type', '@id', '@label', '@log_level']);
const topLevel = new Set(['match', 'source', 'filter', 'system']);

/** Throws ConfigParseError. */
export function parseConfig(text: string, path: string, options: ParseOptions): Element {
  const root = new Element('ROOT');
  const [folder, name] = splitPath(path);
  const scanner = new Scanner(text, name);
  readInto(root, scanner, { folder, options, root: true });
  scanner.take(spacing);
  if (!scanner.over) scanner.fail('expected EOF');
  return root;
}

interface Place {
  folder: string;
  options: ParseOptions;
  /** Not inside of any directive. */
  root: boolean;
}

function readInto(element: Element, scanner: Scanner, place: Place): void {
  for (;;) {
    scanner.take(spacing);
    if (scanner.over) {
      if (place.root) return;
      scanner.fail(`expected end tag '</${element.name}>' but got end of file`);
    }
    if (scanner.takeText('</')) return readEnd(element, scanner);
    if (scanner.takeText('<')) readElement(element, scanner, place);
    else readParameter(element, scanner, place);
  }
}

function readEnd(element: Element, scanner: Scanner): void {
  const name = scanner.take(elementName);
  scanner.take(spacing);
  if (!scanner.takeText('>')) scanner.fail('expected character in tag name');
  if (scanner.take(lineEnd) === undefined) scanner.fail('expected end of line after end tag');
  if (name !== element.name) scanner.fail('unmatched end tag');
}

function readElement(parent: Element, scanner: Scanner, place: Place): void {
  const name = scanner.take(elementName) ?? '';
  scanner.take(spacing);
  const arg = string(scanner, place.options.ruby, tagEnd);
  scanner.take(spacing);
  if (!scanner.takeText('>')) scanner.fail("expected '>'");
  if (scanner.take(lineEnd) === undefined) scanner.fail('expected end of line after tag');
  const element = new Element(name, arg ?? '');
  readInto(element, scanner, { ...place, root: false });
  parent.elements.push(element);
}

function readParameter(element: Element, scanner: Scanner, place: Place): void {
  const { ruby, warn } = place.options;
  const name = string(scanner, ruby, spacing) ?? '';
  const between = scanner.take(spacingWithoutComment) ?? '';
  if (name === '@include' || (name === 'include' && place.root)) {
    if (name === 'include') warn("'include' is deprecated. Use '@include' instead");
    include(element, string(scanner, ruby) ?? '', place);
    scanner.take(lineEnd);
    return;
  }
  if (between.includes('\n') || scanner.over) {
    element.attributes.set(name, '');
    return;
  }
  if (name.startsWith('@') && !reserved.has(name)) {
    if (place.root || topLevel.has(element.name)) scanner.fail(`'@' is the system reserved prefix. Don't use '@' prefix parameter in the configuration: ${name}`);
    warn(`'@' is the system reserved prefix. It works in the nested configuration for now but it will be rejected: ${name}`);
  }
  const value = literal(scanner, ruby);
  if (scanner.take(lineEnd) === undefined) scanner.fail('expected end of line');
  element.attributes.set(name, value);
}

function include(element: Element, pattern: string, { folder, options }: Place): void {
  for (const path of options.glob(pattern.startsWith('/') ? pattern : resolvePath(joinPath(folder, pattern)))) {
    const [own, name] = splitPath(path);
    readInto(element, new Scanner(options.read(path) ?? '', name), { folder: own, options, root: true });
  }
}
