import { exercise } from 'kubook';

await exercise('why-1', (word: string) => {
  if (word.length < 4) return word;
  return word[0] + (word.length - 2) + word[word.length - 1];
});
