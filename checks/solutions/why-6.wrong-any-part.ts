// fails: 표에 없는 이름에는 null을 돌려준다
import { exercise } from 'kubook';

await exercise('why-6', (table: string, word: string) => {
  const cells = table.trim().split('\n').map((line) => line.trim().split(/\s+/)).find((row) => row.some((cell) => cell.split(',').includes(word)));
  if (!cells) return null;
  const shorts = cells.length === 5 ? cells[1].split(',') : [];
  return { kind: cells[cells.length - 1], short: shorts[0] ?? '', namespaced: cells[cells.length - 2] === 'true' };
});
