// fails: 처음과 끝은 글자나 숫자다
import { exercise } from 'kubook';

await exercise('labels-3', (key: string, value: string) => {
  const word = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
  const part = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
  const [name, prefix, more] = key.split('/').reverse();
  if (more !== undefined || (prefix !== undefined && (prefix.length > 253 || !prefix.split('.').every((one) => part.test(one))))) return false;
  return name.length <= 63 && value.length <= 63 && word.test(name) && word.test(value);
});
