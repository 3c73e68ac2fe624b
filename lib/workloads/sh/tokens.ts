// Cuts a script into words, operators and redirections.
import type { Redirect, Word } from './tree.ts';
import { readWord } from './words.ts';

export type Token = { kind: 'word'; word: Word; raw: string } | { kind: 'operator'; text: string } | { kind: 'redirect'; fd: number; operator: Redirect['operator'] };

const operators = ['&&', '||', ';;', ';', '&', '|', '(', ')', '\n'];

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let i = 0;
  while (i < text.length) {
    const c = text[i]!;
    if (c === ' ' || c === '\t' || c === '\r') i++;
    else if (c === '\\' && text[i + 1] === '\n') i += 2;
    else if (c === '#') while (i < text.length && text[i] !== '\n') i++;
    else {
      const redirect = /^(\d*)(>>|>&|<<|>|<)/.exec(text.slice(i, i + 4));
      const operator = operators.find((o) => text.startsWith(o, i));
      if (redirect) {
        tokens.push({ kind: 'redirect', fd: Number(redirect[1] || (redirect[2]!.startsWith('<') ? 0 : 1)), operator: redirect[2] as Redirect['operator'] });
        i += redirect[0].length;
      } else if (operator) {
        tokens.push({ kind: 'operator', text: operator === '\n' ? ';' : operator });
        i += operator.length;
      } else {
        const start = i;
        const [word, end] = readWord(text, i);
        tokens.push({ kind: 'word', word, raw: text.slice(start, end) });
        i = end;
      }
    }
  }
  return tokens;
}
