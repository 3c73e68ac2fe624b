// Text in columns: a Korean letter takes two of them.

export function columns(text: string): number {
  let sum = 0;
  for (const letter of text) sum += columnsOf(letter);
  return sum;
}

function columnsOf(letter: string): number {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(letter) ? 2 : 1;
}

/** Breaks a line at a space or after a comma, or inside a word that is longer than the line. No other space is touched. */
export function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (columns(rest) > width) {
    const end = fitting(rest, width);
    const at = [rest.lastIndexOf(' ', end), rest.lastIndexOf(',', end - 1) + 1].find((gap) => gap > end / 3) ?? end;
    lines.push(rest.slice(0, at));
    rest = rest.slice(rest[at] === ' ' ? at + 1 : at);
  }
  return [...lines, rest];
}

/** How many code units of a text fit. */
function fitting(text: string, width: number): number {
  let [units, used] = [0, 0];
  for (const letter of text) {
    used += columnsOf(letter);
    if (used > width) break;
    units += letter.length;
  }
  return units;
}
