// What a shell does to a command line before kubectl sees it: words, quotes, backslashes.

export class QuoteError extends Error {}

/** A pipe, a redirection, a second command: work of a shell, and a cell has none. The message is Korean. */
export class ShellError extends Error {
  constructor(operator: string) {
    const instead = { '|': 'kubectl.text`…`로 글을 받아 자바스크립트로 고른다', '>': '출력은 kubectl.text`…`로 받는다', '<': "파일은 cluster.file('이름', 글)로 만든다" }[operator] ?? '명령마다 kubectl`…`을 따로 쓴다';
    super(`# 도움말: '${operator}'는 셸이 하는 일인데 셀에는 셸이 없다. ${instead}. 글자 그대로 넘기려면 작은따옴표로 감싼다.`);
  }
}

/** Splits a command line into words. Line breaks separate words; `#` at the start of a word begins a comment. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let i = 0;

  function quoted(quote: string): void {
    const from = ++i;
    let text = '';
    for (; i < line.length && line[i] !== quote; i++) {
      if (quote === '"' && line[i] === '\\' && '"\\$`\n'.includes(line[i + 1] ?? '')) i++;
      text += line[i];
    }
    if (i >= line.length) throw new QuoteError(`unexpected EOF while looking for matching \`${quote}' (from column ${from})`);
    word = (word ?? '') + text;
  }

  for (; i < line.length; i++) {
    const c = line[i]!;
    if (c === "'" || c === '"') quoted(c);
    else if (c === '\\' && line[i + 1] === '\n') i++;
    else if (c === '\\' && i + 1 < line.length) word = (word ?? '') + line[++i];
    else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (c === '#' && word === undefined) {
      while (i + 1 < line.length && line[i + 1] !== '\n') i++;
    } else if ('|&;<>'.includes(c)) throw new ShellError(c);
    else word = (word ?? '') + c;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** A word as one would type it, quoted only where needed. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The command line of a template: each interpolated value is one argument (or part of one); an array is several. */
export function templateWords(strings: readonly string[], values: readonly unknown[]): string[] {
  let line = strings[0] ?? '';
  values.forEach((value, i) => {
    const before = line.slice(line.lastIndexOf('\n') + 1);
    const inside = openQuote(before);
    line += Array.isArray(value) ? value.map((v) => quoteWord(String(v))).join(' ') : escapeInto(String(value), inside);
    line += strings[i + 1] ?? '';
  });
  return splitWords(line);
}

/** The quote that is still open at the end of a line. */
function openQuote(line: string): string {
  let open = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === '\\' && open !== "'") i++;
    else if (open ? c === open : c === "'" || c === '"') open = open ? '' : c;
  }
  return open;
}

function escapeInto(value: string, quote: string): string {
  if (quote === "'") return value.replaceAll("'", `'\\''`);
  if (quote === '"') return value.replace(/["\\$`]/g, '\\$&');
  return quoteWord(value);
}
