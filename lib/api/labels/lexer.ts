// Splits the text of a label selector into words and symbols.

export type TokenType = ')' | ',' | '!' | '==' | '=' | '>' | 'in' | '<' | '!=' | 'notin' | '(' | 'identifier' | 'end' | 'error';

export interface Token {
  type: TokenType;
  text: string;
}

const symbols = new Set<string>([')', ',', '!', '==', '=', '>', '<', '!=', '(']);
const isSpace = (c: string) => c === ' ' || c === '\t' || c === '\r' || c === '\n';
const isSymbol = (c: string) => '=!(),><'.includes(c);

export function tokens(text: string): Token[] {
  const out: Token[] = [];
  // A NUL ends the text, as it does in Kubernetes' own lexer.
  const end = text.includes('\0') ? text.indexOf('\0') : text.length;
  let at = 0;
  while (at < end) {
    if (isSpace(text[at]!)) at++;
    else {
      const token = isSymbol(text[at]!) ? symbolAt(text, at) : wordAt(text, at, end);
      out.push(token);
      at += token.text.length;
    }
  }
  out.push({ type: 'end', text: '' });
  return out;
}

function wordAt(text: string, start: number, end: number): Token {
  let at = start;
  while (at < end && !isSymbol(text[at]!) && !isSpace(text[at]!)) at++;
  const word = text.slice(start, at);
  return { type: word === 'in' || word === 'notin' ? word : 'identifier', text: word };
}

/** Longest symbol first: `==` and `!=` before `=` and `!`. */
function symbolAt(text: string, at: number): Token {
  const two = text.slice(at, at + 2);
  const symbol = symbols.has(two) ? two : text[at]!;
  return { type: symbol as TokenType, text: symbol };
}
