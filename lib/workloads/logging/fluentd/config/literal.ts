// Values: "…" with escapes and Ruby, '…', plain words, JSON arrays and objects (lib/fluent/config/literal_parser.rb).
import { evaluate, type Ruby } from './ruby.ts';
import { lineEnd, type Scanner, spacingWithoutComment } from './scanner.ts';

const escapes: Record<string, string> = { r: '\r', n: '\n', t: '\t', f: '\f', b: '\b', 0: '\0' };

export function literal(scanner: Scanner, ruby: Ruby): string | undefined {
  scanner.take(spacingWithoutComment);
  const first = scanner.text[scanner.at];
  return first === '[' || first === '{' ? json(scanner, ruby) : string(scanner, ruby);
}

/** Undefined: nil. */
export function string(scanner: Scanner, ruby: Ruby, boundary = lineEnd): string | undefined {
  if (scanner.takeText('"')) return doubleQuoted(scanner, ruby);
  if (scanner.takeText("'")) return singleQuoted(scanner);
  let out = '';
  while (!scanner.over) {
    const next = scanner.text[scanner.at]!;
    if (next !== '#' && (next === '\n' || scanner.looksAt(boundary) !== undefined)) break;
    out += next;
    scanner.at++;
  }
  return out || undefined;
}

function doubleQuoted(scanner: Scanner, ruby: Ruby): string | undefined {
  let out: string | undefined = '';
  for (;;) {
    if (scanner.takeText('"')) return out;
    if (scanner.over) scanner.fail('unexpected end of file in a double quoted string');
    if (scanner.takeText('#{')) {
      const value = embedded(scanner, ruby);
      out = value === undefined || out === undefined ? undefined : out + value;
      continue;
    }
    const letter = scanner.take(/\\./y);
    if (letter) out = out === undefined ? out : out + escape(letter[1]!, scanner);
    else if (scanner.takeText('\\\n')) continue;
    else out = out === undefined ? (scanner.at++, out) : out + scanner.text[scanner.at++]!;
  }
}

function escape(letter: string, scanner: Scanner): string {
  const known = escapes[letter];
  if (known !== undefined) return known;
  return /[a-zA-Z0-9]/.test(letter) ? scanner.fail(`unexpected back-slash escape character '${letter}'`) : letter;
}

function embedded(scanner: Scanner, ruby: Ruby): string | undefined {
  const end = scanner.text.indexOf('}', scanner.at);
  if (end < 0) scanner.fail('expected end of embedded code but $end');
  const code = scanner.text.slice(scanner.at, end);
  scanner.at = end + 1;
  return evaluate(code, ruby);
}

function singleQuoted(scanner: Scanner): string {
  let out = '';
  while (!scanner.takeText("'")) {
    if (scanner.over) scanner.fail('unexpected end of file in a single quoted string');
    const escaped = scanner.take(/\\['\\]/y);
    out += escaped ? escaped[1]! : scanner.text[scanner.at++]!;
  }
  return out;
}

/** Grows until it can be read; what follows `#` outside of a text is a comment. */
function json(scanner: Scanner, ruby: Ruby): string {
  const array = scanner.text[scanner.at] === '[';
  let out = '';
  while (!scanner.over) {
    const next = scanner.text[scanner.at]!;
    const inText = (out.replace(/\\./g, '').split('"').length - 1) % 2 === 1;
    if (scanner.takeText('#{') && inText) {
      out += embedded(scanner, ruby) ?? '';
      continue;
    }
    if (next === '#' && !inText) {
      scanner.take(/.*/y);
      continue;
    }
    out += next;
    scanner.at++;
    if (next !== (array ? ']' : '}')) continue;
    try {
      return JSON.stringify(JSON.parse(out));
    } catch {
      // Not all of it yet.
    }
  }
  return scanner.fail(`got incomplete JSON ${array ? 'array' : 'hash'} configuration`);
}
