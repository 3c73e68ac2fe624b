// fails: 종류에서 약어와 소속을 찾는다
import { exercise } from 'kubook';

await exercise('why-6', (table: string, word: string) => {
  for (const line of table.trim().split('\n').slice(1)) {
    const cells = line.trim().split(/\s+/);
    const shorts = cells.length === 5 ? cells[1].split(',') : [];
    const kind = cells[cells.length - 1];
    if ([cells[0], kind, ...shorts].includes(word)) return { kind, short: shorts[0] ?? '', namespaced: cells[cells.length - 2] };
  }
  return null;
});
