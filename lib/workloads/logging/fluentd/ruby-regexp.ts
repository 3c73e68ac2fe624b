// Ruby's regular expressions as JavaScript's. Differs from Ruby: possessive and atomic parts are not known.

/** `/…/i`, or the bare expression. Throws an Error. */
export function rubyRegExp(text: string): RegExp {
  if (!text.startsWith('/')) return compile(text, '');
  const end = text.lastIndexOf('/');
  if (end < text.length - 3) throw new Error(`invalid regexp: missing right slash: ${text}`);
  return compile(text.slice(1, end), text.slice(end + 1));
}

/** There `^` and `$` are the ends of lines, and `m` lets a point match their ends. */
function compile(source: string, options: string): RegExp {
  const inline = /^\(\?([im]+)\)/.exec(source);
  const flags = options + (inline?.[1] ?? '');
  const translated = source
    .slice(inline?.[0].length ?? 0)
    .replace(/\\([\s\S])/g, (whole, letter: string) => ({ A: '(?<![\\s\\S])', z: '(?![\\s\\S])', Z: '(?=\\n?(?![\\s\\S]))', h: '[0-9a-fA-F]', '/': '/' })[letter] ?? whole)
    .replaceAll('[[:space:]]', '\\s')
    .replaceAll('[[:alpha:]]', '[A-Za-z]')
    .replaceAll('[[:digit:]]', '\\d');
  return new RegExp(translated, `m${flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 's' : ''}`);
}
