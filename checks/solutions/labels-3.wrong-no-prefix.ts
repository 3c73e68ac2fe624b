// fails: 접두사는 소문자 도메인이다
import { exercise } from 'kubook';

await exercise('labels-3', (key: string, value: string) => {
  const word = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
  const name = key.split('/').pop() ?? '';
  return name.length <= 63 && value.length <= 63 && word.test(name) && (value === '' || word.test(value));
});
