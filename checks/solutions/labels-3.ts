import { exercise } from 'kubook';

await exercise('labels-3', (key: string, value: string) => {
  const word = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
  const part = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
  const isName = (text: string) => text.length <= 63 && word.test(text);
  const isPrefix = (text: string) => text.length <= 253 && text.split('.').every((one) => part.test(one));

  const pieces = key.split('/');
  if (pieces.length > 2) return false;
  if (pieces.length === 2 && !isPrefix(pieces[0])) return false;
  return isName(pieces[pieces.length - 1]) && (value === '' || isName(value));
});
