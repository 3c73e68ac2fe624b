// YAML as kubectl -o yaml prints it (sigs.k8s.io/yaml): keys in natural order, lists not indented under their key.

/** Prints plain JSON data as a YAML document. */
export function printYaml(value: unknown): string {
  return block(value, 0, false);
}

function block(value: unknown, indent: number, inList: boolean): string {
  const pad = ' '.repeat(indent);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]\n';
    let out = '';
    value.forEach((item, i) => {
      out += `${i === 0 && inList ? '' : pad}- ${isScalarLike(item) ? inline(item, indent + 2, indent + 2, indent) : block(item, indent + 2, true)}`;
    });
    return out;
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined).sort(byNaturalOrder);
    if (keys.length === 0) return '{}\n';
    let out = '';
    keys.forEach((key, i) => {
      const name = scalar(key, indent, 0, true);
      out += `${i === 0 && inList ? '' : pad}${name}:`;
      const item = (value as Record<string, unknown>)[key];
      if (isScalarLike(item)) out += ` ${inline(item, indent + 2, indent + name.length + 2, indent)}`;
      else if (Array.isArray(item)) out += `\n${block(item, indent, false)}`;
      else out += `\n${block(item, indent + 2, false)}`;
    });
    return out;
  }
  return inline(value, 2, 0, 0);
}

function isScalarLike(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  for (const key in value) if ((value as Record<string, unknown>)[key] !== undefined) return false;
  return true;
}

function inline(value: unknown, indent: number, column: number, parent: number): string {
  if (value === null || value === undefined) return 'null\n';
  if (Array.isArray(value)) return '[]\n';
  if (typeof value === 'object') return '{}\n';
  if (typeof value !== 'string') return `${String(value)}\n`;
  if (value.includes('\n')) {
    const literal = literalBlock(value, parent + 2);
    if (literal !== undefined) return literal;
  }
  return `${scalar(value, indent, column, false)}\n`;
}

const words = new Set(
  ['y yes true on n no false off null'.split(' ').flatMap((w) => [w, w[0]!.toUpperCase() + w.slice(1), w.toUpperCase()]), '', '~', '.nan', '.NaN', '.NAN'].flat().concat(
    ['', '+', '-'].flatMap((sign) => ['.inf', '.Inf', '.INF'].map((w) => sign + w)),
  ),
);
const number = /^[-+]?(0b[01]+|0o?[0-7]+|0x[0-9a-fA-F]+|[1-9]\d*|0)$|^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const timestamp = /^\d{4}-\d{1,2}-\d{1,2}([Tt]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?(Z|[-+]\d\d:\d\d)|[ ]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?)?$/;
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** True when the text, written plainly, would be read as something else than a string. */
function readsOtherwise(text: string): boolean {
  if (words.has(text)) return true;
  if (!/^[-+.\d]/.test(text)) return false;
  return number.test(/^[-+\d]/.test(text) ? text.replaceAll('_', '') : text) || timestamp.test(text) || base60.test(text);
}

// Control characters are what this looks for
const special = /[^\t\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\n]|\t/;

function scalar(text: string, indent: number, column: number, isKey: boolean): string {
  if (text === '') return '""';
  const breaks = text.includes('\n');
  const unprintable = special.test(text);
  if (readsOtherwise(text) || breaks || unprintable) return doubleQuoted(text, indent, column, isKey);
  const plain =
    !/^ | $/.test(text) &&
    !/^(---|\.\.\.)/.test(text) &&
    !/^[#,[\]{}&*!|>'"%@`]/.test(text) &&
    !/^[?:-]( |$)/.test(text) &&
    !/:( |$)/.test(text) &&
    !/ #/.test(text);
  if (plain) return fold(text, indent, column, isKey, false);
  return `'${fold(text.replaceAll("'", "''"), indent, column + 1, isKey, true)}'`;
}

/** Breaks long text at a single space past column 80. */
function fold(text: string, indent: number, column: number, isKey: boolean, quoted: boolean): string {
  if (isKey || column + text.length <= 80) return text;
  let out = '';
  let spaces = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    const mayBreak = c === ' ' && !spaces && column > 80 && text[i + 1] !== ' ' && (!quoted || (i > 0 && i < text.length - 1));
    if (mayBreak) {
      out += `\n${' '.repeat(indent)}`;
      column = indent;
    } else {
      out += c;
      column++;
    }
    spaces = c === ' ';
  }
  return out;
}

const escapes: Record<string, string> = {
  '\0': '0', '\x07': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', '\x1b': 'e', '"': '"', '\\': '\\', '\x85': 'N', '\xa0': '_', '\u2028': 'L', '\u2029': 'P',
};

function doubleQuoted(text: string, indent: number, column: number, isKey: boolean): string {
  let out = '"';
  column++;
  let spaces = false;
  const runes = [...text];
  for (let i = 0; i < runes.length; i++) {
    const c = runes[i]!;
    if (c === '"' || c === '\\' || c === '\n' || special.test(c)) {
      const piece = `\\${escapes[c] ?? hexEscape(c.codePointAt(0)!)}`;
      out += piece;
      column += piece.length;
      spaces = false;
    } else if (c === ' ' && !isKey && !spaces && column > 80 && i > 0 && i < runes.length - 1) {
      out += `\n${' '.repeat(indent)}${runes[i + 1] === ' ' ? '\\' : ''}`;
      column = indent + (runes[i + 1] === ' ' ? 1 : 0);
      spaces = true;
    } else {
      out += c;
      column++;
      spaces = c === ' ';
    }
  }
  return `${out}"`;
}

function hexEscape(code: number): string {
  const [letter, digits] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return letter + code.toString(16).toUpperCase().padStart(digits as number, '0');
}

/** `|` blocks; undefined where YAML has to quote instead. */
function literalBlock(text: string, indent: number): string | undefined {
  if (/ $/.test(text) || / \n/.test(text) || special.test(text)) return undefined;
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const pad = ' '.repeat(indent);
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  return `|${hint}${chomp}\n${lines.map((line) => (line ? pad + line : '')).join('\n')}\n`;
}

/** Digits count as numbers: `app2` before `app10`. */
export function byNaturalOrder(left: string, right: string): number {
  const isLetter = (c: string | undefined) => c !== undefined && /\p{L}/u.test(c);
  const isDigit = (c: string | undefined) => c !== undefined && c >= '0' && c <= '9';
  const n = Math.min(left.length, right.length);
  for (let i = 0; i < n; i++) {
    const [a, b] = [left[i]!, right[i]!];
    if (a === b) continue;
    if (isLetter(a) && isLetter(b)) return a < b ? -1 : 1;
    if (isLetter(a) || isLetter(b)) return isLetter(b) ? -1 : 1;
    let [x, y] = [0, 0];
    if (a === '0' || b === '0') {
      for (let j = i - 1; j >= 0 && isDigit(left[j]); j--) if (left[j] !== '0') [x, y] = [1, 1];
    }
    let [ai, bi] = [i, i];
    for (; isDigit(left[ai]); ai++) x = x * 10 + Number(left[ai]);
    for (; isDigit(right[bi]); bi++) y = y * 10 + Number(right[bi]);
    if (x !== y) return x - y;
    if (ai !== bi) return ai - bi;
    return a < b ? -1 : 1;
  }
  return left.length - right.length;
}
