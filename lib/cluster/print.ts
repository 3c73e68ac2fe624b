const width = 78;

const columns = (text: string) => text.length + (text.match(/[\u1100-\u11ff\u2e80-\ud7a3]/g)?.length ?? 0);

/** Prints into the cell. A word of help in Korean is broken between words: Jupyter and terminals break a long line anywhere. */
export function printToCell(text: string): void {
  console.log(text.replace(/^# 도움말: .*$/gm, broken));
}

function broken(line: string): string {
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && columns(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(lines.length > 0 ? `#   ${word}` : word);
  }
  return lines.join('\n');
}
