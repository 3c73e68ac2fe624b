// Which tags a <match> or <filter> takes: `*` is one part, `**` none or more, `{a,b}` either, several by spaces (lib/fluent/match.rb).
import { rubyRegExp } from './ruby-regexp.ts';

export type MatchPattern = (tag: string) => boolean;

export function matchPattern(text: string): MatchPattern {
  const patterns = text.split(/\s+/).filter(Boolean).map(single);
  return patterns.length === 1 ? patterns[0]! : (tag) => patterns.some((one) => one(tag));
}

function single(text: string): MatchPattern {
  if (text === '**') return () => true;
  if (text.startsWith('/')) {
    if (!text.endsWith('/')) throw new Error('invalid match - regex');
    const pattern = rubyRegExp(`\\A${text.slice(1, -1)}\\Z`);
    return (tag) => pattern.test(tag);
  }
  const pattern = new RegExp(`^${source(text)}$`);
  return (tag) => pattern.test(tag);
}

function source(text: string): string {
  let out = '';
  let depth = 0;
  // A point is written when it is known that `**` does not follow: `a.**` takes `a` too.
  let point = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (text.startsWith('**', i)) {
      if (point) out += '(?![^\\.])';
      point = false;
      const whole = text[i + 2] === '.';
      out += whole ? '(?:.*\\.|^)' : '.*';
      i += whole ? 2 : 1;
      continue;
    }
    if (point) out += '\\.';
    point = letter === '.';
    if (letter === '*') out += '[^\\.]*';
    else if (letter === '\\') out += escaped(text[++i] ?? '');
    else if (letter === '{') (out += '(?:'), depth++;
    else if (letter === '}' && depth > 0) (out += ')'), depth--;
    else if (letter === ',' && depth > 0) out += '|';
    else if (letter !== '.') out += escaped(letter);
  }
  return out + ')'.repeat(depth);
}

const escaped = (letter: string) => letter.replace(/[^a-zA-Z0-9_]/g, '\\$&');
