// fails: 세 글자까지는 그대로, 네 글자부터 줄인다
import { exercise } from 'kubook';

await exercise('why-1', (word: string) => `${word[0]}${word.length - 2}${word[word.length - 1]}`);
