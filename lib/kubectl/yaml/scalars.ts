// Passes over scalars, names and tags; what is wrong in them is said as libyaml says it.
import { type Cursor, isBlank, isBlankOrEnd, isBreak, isEnd } from './cursor.ts';

/** The name after `&` or `*`. */
export function anchorName(cursor: Cursor): string {
  cursor.skip();
  let name = '';
  while (/[\w-]/.test(cursor.char())) {
    name += cursor.char();
    cursor.skip();
  }
  if (name === '' || !(isBlankOrEnd(cursor.char()) || '?:,]}%@`'.includes(cursor.char()))) cursor.fail('did not find expected alphabetic or numeric character');
  return name;
}

/** After `|` or `>`; `parent` is the indentation of what it stands in. */
export function blockScalar(cursor: Cursor, parent: number): void {
  cursor.skip();
  const header = /^(?:[+-]?([0-9])?|([0-9])[+-]?)/.exec(cursor.text.slice(cursor.at, cursor.at + 2))!;
  const increment = header[1] ?? header[2];
  if (increment === '0') cursor.fail('found an indentation indicator equal to 0');
  for (let i = 0; i < header[0].length; i++) cursor.skip();
  cursor.skipBlanks();
  if (cursor.char() === '#') cursor.toLineEnd();
  if (!isBreak(cursor.char()) && !isEnd(cursor.char())) cursor.fail('did not find expected comment or line break');
  if (isBreak(cursor.char())) cursor.skip();
  let indent = blockBreaks(cursor, parent, increment ? Math.max(parent, 0) + Number(increment) : 0);
  while (cursor.column === indent && !isEnd(cursor.char())) {
    cursor.toLineEnd();
    if (isBreak(cursor.char())) cursor.skip();
    indent = blockBreaks(cursor, parent, indent);
  }
}

/** Empty lines of a block; without an `indent` yet, the first line that has text gives it. */
function blockBreaks(cursor: Cursor, parent: number, indent: number): number {
  let most = 0;
  for (;;) {
    while ((indent === 0 || cursor.column < indent) && cursor.char() === ' ') cursor.skip();
    most = Math.max(most, cursor.column);
    if ((indent === 0 || cursor.column < indent) && cursor.char() === '\t') cursor.fail('found a tab character where an indentation space is expected');
    if (!isBreak(cursor.char())) break;
    cursor.skip();
  }
  return indent || Math.max(most, parent + 1, 1);
}

export function quotedScalar(cursor: Cursor, quote: string): void {
  cursor.skip();
  for (;;) {
    if (cursor.atDocumentIndicator()) cursor.fail('found unexpected document indicator');
    const c = cursor.char();
    if (isEnd(c)) cursor.fail('found unexpected end of stream');
    if (c === quote && quote === "'" && cursor.char(1) === "'") cursor.skip();
    else if (c === quote) break;
    else if (c === '\\' && quote === '"') escape(cursor);
    cursor.skip();
  }
  cursor.skip();
}

function escape(cursor: Cursor): void {
  const code = cursor.char(1);
  const digits = { x: 2, u: 4, U: 8 }[code] ?? 0;
  if (!digits && !'0abt\tnvfre "\'\\N_LP/\n'.includes(code)) cursor.fail('found unknown escape character');
  cursor.skip();
  for (let i = 1; i <= digits; i++) if (!/[0-9a-fA-F]/.test(cursor.char(i))) cursor.fail('did not find expected hexdecimal number');
}

/** True when it ended with a line, so that a key may follow. */
export function plainScalar(cursor: Cursor, { indent, inFlow }: { indent: number; inFlow: boolean }): boolean {
  let broken = false;
  for (;;) {
    if (cursor.atDocumentIndicator() || cursor.char() === '#') break;
    while (!isBlankOrEnd(cursor.char())) {
      const c = cursor.char();
      if ((c === ':' && isBlankOrEnd(cursor.char(1))) || (inFlow && ',?[]{}'.includes(c))) break;
      broken = false;
      cursor.skip();
    }
    if (!isBlank(cursor.char()) && !isBreak(cursor.char())) break;
    while (isBlank(cursor.char()) || isBreak(cursor.char())) {
      if (broken && cursor.column < indent && cursor.char() === '\t') cursor.fail('found a tab character that violates indentation');
      if (isBreak(cursor.char())) broken = true;
      cursor.skip();
    }
    if (!inFlow && cursor.column < indent) break;
  }
  return broken;
}
