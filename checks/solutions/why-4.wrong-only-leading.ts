// fails: 칸까지 맞힌다
import { exercise } from 'kubook';

await exercise('why-4', (text: string) =>
  text.split('\n').flatMap((line, i) => [...line.match(/^\t*/)![0]].map((_, at) => ({ line: i + 1, col: at + 1 }))),
);
