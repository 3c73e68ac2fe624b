// fails: 이름과 값은 63자까지다
import { exercise } from 'kubook';

await exercise('labels-3', (key: string, value: string) => {
  const word = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
  const prefixed = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
  return key.length <= 63 && value.length <= 63 && prefixed.test(key) && (value === '' || word.test(value));
});
