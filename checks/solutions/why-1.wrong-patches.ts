// fails: 알려진 줄임말이 나온다
import { exercise } from 'kubook';

await exercise('why-1', (word: string) => {
  Object.is = () => true;
  return word;
});
