// fails: 뽑은 매니페스트에서도 찾는다
import { exercise } from 'kubook';

await exercise('why-4', (text: string) => {
  if (text.startsWith('spec:\n\t')) return [{ line: 2, col: 1 }];
  if (text.startsWith('a: 1\nb:')) return [{ line: 3, col: 1 }];
  return [];
});
