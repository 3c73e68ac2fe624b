import { exercise } from 'kubook';

await exercise('why-6', (table: string, word: string) => {
  for (const line of table.trim().split('\n').slice(1)) {
    const cells = line.trim().split(/\s+/);
    const name = cells[0];
    const kind = cells[cells.length - 1];
    const namespaced = cells[cells.length - 2] === 'true';
    const shorts = cells.length === 5 ? cells[1].split(',') : [];
    if ([name, kind, ...shorts].includes(word)) return { kind, short: shorts[0] ?? '', namespaced };
  }
  return null;
});
