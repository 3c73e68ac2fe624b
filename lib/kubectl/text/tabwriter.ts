// Elastic tab stops, as Go's text/tabwriter and kubectl's fork of it lay out columns.

interface Options {
  minWidth: number;
  padding: number;
}

/** Characters, as Go counts them: a terminal gives Hangul two columns, Go one. */
function width(cell: string): number {
  for (let i = 0; i < cell.length; i++) if (cell.charCodeAt(i) > 127) return [...cell].length;
  return cell.length;
}

/**
 * Lays out text whose cells end with a tab. A column is a run of adjacent lines that all have a cell there;
 * what follows the last tab of a line belongs to no column.
 */
export function alignTabs(text: string, { minWidth, padding }: Options = { minWidth: 0, padding: 2 }): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths = lines.map((cells) => new Array<number>(cells.length - 1));
  const fit = (cell: string) => Math.max(minWidth, width(cell) + padding);

  for (let row = 0; row < lines.length; row++) {
    for (let column = 0; column < widths[row]!.length; column++) {
      if (widths[row]![column] !== undefined) continue;
      let last = row;
      let most = 0;
      for (; last < lines.length && column < widths[last]!.length; last++) most = Math.max(most, fit(lines[last]![column]!));
      for (let r = row; r < last; r++) widths[r]![column] = most;
    }
  }
  return lines.map((cells, row) => cells.map((cell, i) => (i < cells.length - 1 ? cell.padEnd(widths[row]![i]! + cell.length - width(cell)) : cell)).join('')).join('\n');
}

const blank = ' '.repeat(200);
const spaces = (n: number) => (n <= blank.length ? blank.slice(0, n) : ' '.repeat(n));

/** A table of `kubectl get`: at least 6 wide, 3 spaces apart, the last cell not padded. */
export function alignRows(rows: readonly (readonly string[])[], remembered: number[] = []): string {
  for (const row of rows) {
    for (let i = 0; i < row.length - 1; i++) {
      const needed = width(row[i]!) + 3;
      if (!(needed <= remembered[i]!)) remembered[i] = Math.max(6, needed);
    }
  }
  let out = '';
  for (const row of rows) {
    const last = row.length - 1;
    for (let i = 0; i < last; i++) out += row[i]! + spaces(remembered[i]! - width(row[i]!));
    out += `${row[last] ?? ''}\n`;
  }
  return out;
}
