// Breaks a description into lines as kubectl's older explain does (pkg/explain/formatter.go): words of one paragraph flow
// together, lists and code keep their lines.
const startsList = /^(\d+\.?|-|\*)\s/;

export function paragraphs(text: string, width: number): string[] {
  const lines: string[] = [];
  let [words, last] = ['', ''];
  const flush = () => {
    if (words === '') return;
    lines.push(words);
    words = last = '';
  };
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    const code = line.startsWith('    ');
    if (code || (lines.length > 0 && trimmed === '')) {
      flush();
      lines.push(code ? line : '');
      continue;
    }
    if (last.endsWith(':') || trimmed === '' || startsList.test(trimmed)) flush();
    for (const word of trimmed === '' ? [] : trimmed.split(/\s+/)) {
      if (words !== '' && bytes(words) + 1 + bytes(word) > width) flush();
      words = words === '' ? word : `${words} ${word}`;
      last = word;
    }
  }
  flush();
  return lines;
}

/** Go counts bytes. */
const bytes = (text: string) => new TextEncoder().encode(text).length;
