// Breaks lines at white space, as kubectl does for its widths (mitchellh/go-wordwrap): spaces at a break are dropped, all
// others are kept.
const space = /[\t\n\v\f\r \x85\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export function wordWrap(text: string, limit: number): string {
  let [out, word, spaces, current] = ['', '', '', 0];
  const take = () => {
    current += spaces.length + [...word].length;
    out += spaces + word;
    spaces = word = '';
  };
  for (const char of text) {
    if (char === '\n') {
      if (word === '' && current + spaces.length > limit) spaces = '';
      take();
      out += char;
      current = 0;
    } else if (space.test(char)) {
      if (spaces === '' || word !== '') take();
      spaces += char;
    } else {
      word += char;
      const length = [...word].length;
      if (current + length + spaces.length > limit && length < limit) [out, current, spaces] = [`${out}\n`, 0, ''];
    }
  }
  if (word !== '' || current + spaces.length <= limit) take();
  return out;
}
