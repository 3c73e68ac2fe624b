// fails: 한 줄에 여럿이어도 모두 찾는다
import { exercise } from 'kubook';

await exercise('why-4', (text: string) =>
  text.split('\n').flatMap((line, i) => (line.includes('\t') ? [{ line: i + 1, col: line.indexOf('\t') + 1 }] : [])),
);
