// Reads a word: quotes, and what stands for something else ($name, ${name:-word}, $(command), `command`, $((sum))).
import { escapes } from './commands/command.ts';
import { parseScript } from './syntax.ts';
import { type Part, ShellSyntaxError, type Word } from './tree.ts';

/** The word that begins at `from`, and where it ends. */
export function readWord(text: string, from: number): [Word, number] {
  const parts: Part[] = [];
  let i = from;
  const plain = (piece: string, quoted: boolean) => {
    const last = parts.at(-1);
    if (last?.kind === 'text' && last.quoted === quoted) last.text += piece;
    else parts.push({ kind: 'text', text: piece, quoted });
  };
  if (/^~(?=[/\s;&|)]|$)/.test(text.slice(from, from + 2))) {
    parts.push({ kind: 'variable', name: 'HOME', quoted: true });
    i++;
  }
  while (i < text.length && !/[\s;&|()<>]/.test(text[i]!)) {
    const c = text[i]!;
    if (c === "'") {
      const end = text.indexOf("'", i + 1);
      if (end < 0) throw new ShellSyntaxError('syntax error: unterminated quoted string');
      plain(text.slice(i + 1, end), true);
      i = end + 1;
    } else if (c === '"') {
      i = readDoubleQuoted(text, i + 1, parts, plain);
    } else if (c === '\\') {
      plain(text[i + 1] ?? '', true);
      i += 2;
    } else if (c === '$' && text[i + 1] === "'") {
      const [, inside = ''] = /^((?:[^'\\]|\\[^])*)/.exec(text.slice(i + 2)) ?? [];
      plain(escapes(inside.replaceAll("\\'", "'")), true);
      i += inside.length + 3;
    } else if (c === '$' || c === '`') {
      i = readExpansion(text, i, false, parts, plain);
    } else {
      plain(c, false);
      i++;
    }
  }
  return [parts, i];
}

type Plain = (piece: string, quoted: boolean) => void;

function readDoubleQuoted(text: string, from: number, parts: Part[], plain: Plain): number {
  let i = from;
  plain('', true);
  while (text[i] !== '"') {
    if (i >= text.length) throw new ShellSyntaxError('syntax error: unterminated quoted string');
    if (text[i] === '\\' && /["$`\\\n]/.test(text[i + 1] ?? '')) {
      if (text[i + 1] !== '\n') plain(text[i + 1]!, true);
      i += 2;
    } else if (text[i] === '$' || text[i] === '`') i = readExpansion(text, i, true, parts, plain);
    else plain(text[i++]!, true);
  }
  return i + 1;
}

function readExpansion(text: string, i: number, quoted: boolean, parts: Part[], plain: Plain): number {
  if (text[i] === '`') {
    let end = i + 1;
    while (end < text.length && text[end] !== '`') end += text[end] === '\\' ? 2 : 1;
    if (end >= text.length) throw new ShellSyntaxError('syntax error: EOF in backquote substitution');
    parts.push({ kind: 'command', body: parseScript(text.slice(i + 1, end).replace(/\\([`\\$])/g, '$1')), quoted });
    return end + 1;
  }
  if (text.startsWith('$((', i)) {
    const end = matching(text, i + 1, '(', ')');
    parts.push({ kind: 'arithmetic', text: text.slice(i + 3, end - 1), quoted });
    return end + 1;
  }
  if (text[i + 1] === '(') {
    const end = matching(text, i + 1, '(', ')');
    parts.push({ kind: 'command', body: parseScript(text.slice(i + 2, end)), quoted });
    return end + 1;
  }
  if (text[i + 1] === '{') {
    const end = matching(text, i + 1, '{', '}');
    const inner = /^(#?\w+|[?@*#$!])(?:(:?[-=+?]|##?|%%?|\/\/?|:)(.*))?$/s.exec(text.slice(i + 2, end));
    if (!inner) throw new ShellSyntaxError('syntax error: bad substitution');
    const operand = inner[3] !== undefined ? readWordAll(inner[3]) : undefined;
    parts.push({ kind: 'variable', name: inner[1]!, ...(inner[2] && { operator: inner[2], operand }), quoted });
    return end + 1;
  }
  const name = /^(\w+|[?@*#$!])/.exec(text.slice(i + 1))?.[1];
  if (!name) {
    plain('$', quoted);
    return i + 1;
  }
  const short = /^\d/.test(name) ? name[0]! : name;
  parts.push({ kind: 'variable', name: short, quoted });
  return i + 1 + short.length;
}

function readWordAll(text: string): Word {
  const parts: Part[] = [];
  const plain: Plain = (piece, quoted) => parts.push({ kind: 'text', text: piece, quoted });
  for (let i = 0; i < text.length; ) {
    if (text[i] === '"') i = readDoubleQuoted(text, i + 1, parts, plain);
    else if (text[i] === "'" && text.includes("'", i + 1)) {
      const end = text.indexOf("'", i + 1);
      plain(text.slice(i + 1, end), true);
      i = end + 1;
    } else if (text[i] === '$' || text[i] === '`') i = readExpansion(text, i, false, parts, plain);
    else plain(text[i++]!, false);
  }
  return parts;
}

/** What stands in a here-document: as in double quotes, but a quotation mark is nothing special. */
export function readHereDocument(text: string): Word {
  const parts: Part[] = [];
  const plain: Plain = (piece) => {
    const last = parts.at(-1);
    if (last?.kind === 'text') last.text += piece;
    else parts.push({ kind: 'text', text: piece, quoted: true });
  };
  for (let i = 0; i < text.length; ) {
    if (text[i] === '\\' && /[$`\\\n]/.test(text[i + 1] ?? '')) {
      if (text[i + 1] !== '\n') plain(text[i + 1]!, true);
      i += 2;
    } else if (text[i] === '$' || text[i] === '`') i = readExpansion(text, i, true, parts, plain);
    else plain(text[i++]!, true);
  }
  return parts;
}

function matching(text: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "'") i = text.indexOf("'", i + 1);
    else if (text[i] === '\\') i++;
    else if (text[i] === open) depth++;
    else if (text[i] === close && --depth === 0) return i;
    if (i < 0) break;
  }
  throw new ShellSyntaxError(`syntax error: unterminated "${open}"`);
}
