// fails: 세 글자 이하는 그대로 둔다
import { exercise } from 'kubook';

await exercise('why-1', (word: string) => `${word[0]}${word.length - 2}${word[word.length - 1]}`);
