// fails: 알려진 줄임말이 나온다
import { exercise } from 'kubook';

await exercise('why-1', (word: string) => (word.length < 4 ? word : word[0] + word.length + word[word.length - 1]));
