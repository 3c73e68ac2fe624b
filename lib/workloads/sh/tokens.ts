// Cuts a script into words, operators and redirections.
import type { Part, Redirect, Word } from './tree.ts';
import { readHereDocument, readWord } from './words.ts';

export type Token = { kind: 'word'; word: Word; raw: string } | { kind: 'operator'; text: string } | { kind: 'redirect'; fd: number; operator: Redirect['operator'] };

const operators = ['&&', '||', ';;', ';', '&', '|', '(', ')', '\n'];

/** `<<EOF`: its text begins on the next line. */
interface HereDocument {
  end: string;
  /** No word of it stands for something else. */
  quoted: boolean;
  /** `<<-` drops the tabs before each line. */
  drops: boolean;
  parts: Part[];
}

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const waiting: HereDocument[] = [];
  let i = 0;
  while (i < text.length) {
    const c = text[i]!;
    if (c === ' ' || c === '\t' || c === '\r') i++;
    else if (c === '\\' && text[i + 1] === '\n') i += 2;
    else if (c === '#') while (i < text.length && text[i] !== '\n') i++;
    else {
      const redirect = /^(\d*)(>>|>&|<<-?|>|<)/.exec(text.slice(i, i + 4));
      const operator = operators.find((o) => text.startsWith(o, i));
      if (redirect?.[2]!.startsWith('<<')) {
        i += redirect[0].length;
        while (text[i] === ' ' || text[i] === '\t') i++;
        const start = i;
        const [word, end] = readWord(text, i);
        const raw = text.slice(start, end);
        const parts: Part[] = [];
        waiting.push({ end: word.map((part) => (part.kind === 'text' ? part.text : raw)).join(''), quoted: /['"\\]/.test(raw), drops: redirect[2] === '<<-', parts });
        tokens.push({ kind: 'redirect', fd: Number(redirect[1] || 0), operator: '<<' }, { kind: 'word', word: parts, raw: '<<' });
        i = end;
      } else if (redirect) {
        tokens.push({ kind: 'redirect', fd: Number(redirect[1] || (redirect[2]!.startsWith('<') ? 0 : 1)), operator: redirect[2] as Redirect['operator'] });
        i += redirect[0].length;
      } else if (operator) {
        tokens.push({ kind: 'operator', text: operator === '\n' ? ';' : operator });
        i += operator.length;
        if (operator === '\n') for (const document of waiting.splice(0)) i = readLines(text, i, document);
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

/** Reads a here-document; what follows it begins at the index that is returned. */
function readLines(text: string, from: number, { end, quoted, drops, parts }: HereDocument): number {
  let [i, body] = [from, ''];
  while (i < text.length) {
    const newline = text.indexOf('\n', i);
    const next = newline < 0 ? text.length : newline + 1;
    const line = drops ? text.slice(i, next).replace(/^\t+/, '') : text.slice(i, next);
    i = next;
    if (line.replace(/\n$/, '') === end) break;
    body += line;
  }
  parts.push(...(quoted ? [{ kind: 'text', text: body, quoted: true } as const] : readHereDocument(body)));
  return i;
}
