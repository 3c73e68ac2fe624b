import { exercise } from 'kubook';

await exercise('why-4', (text: string) => {
  const found: { line: number; col: number }[] = [];
  text.split('\n').forEach((line, i) => {
    for (let at = 0; at < line.length; at++) {
      if (line[at] === '\t') found.push({ line: i + 1, col: at + 1 });
    }
  });
  return found;
});
