// fails: 약어가 없는 종류도 읽는다
import { exercise } from 'kubook';

await exercise('why-6', (table: string, word: string) => {
  for (const line of table.trim().split('\n').slice(1)) {
    const [name, short, , namespaced, kind] = line.trim().split(/\s+/);
    if ([name, short.split(',')[0], kind].includes(word)) return { kind, short: short.split(',')[0], namespaced: namespaced === 'true' };
  }
  return null;
});
