// fails: 탭이 있는 줄을 찾는다
import { exercise } from 'kubook';

await exercise('why-4', (text: string) =>
  text.split('\n').flatMap((line, i) => [...line].flatMap((char, at) => (char === '\t' ? [{ line: i, col: at }] : []))),
);
