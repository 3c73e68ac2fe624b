import { exercise } from 'kubook';

await exercise('labels-2', (selector: string, labels: Record<string, string>) => {
  const tokens = selector.match(/==|!=|[=!(),]|[^\s=!(),]+/g) ?? [];
  const isWord = (token: string | undefined) => token !== undefined && !/^[=!(),]/.test(token);
  let at = 0;

  const word = () => {
    if (!isWord(tokens[at])) throw new Error(`이름이나 값이 와야 하는데 ${tokens[at] ?? '끝'}이 왔다`);
    return tokens[at++];
  };
  const list = () => {
    if (tokens[at++] !== '(') throw new Error('여는 괄호가 없다');
    const values = [word()];
    while (tokens[at] === ',') {
      at++;
      values.push(word());
    }
    if (tokens[at++] !== ')') throw new Error('닫는 괄호가 없다');
    return values;
  };
  const requirement = () => {
    if (tokens[at] === '!') {
      at++;
      return !(word() in labels);
    }
    const key = word();
    const value = labels[key];
    if (at === tokens.length || tokens[at] === ',') return value !== undefined;
    const operator = tokens[at++];
    if (operator === '=' || operator === '==') return value === word();
    if (operator === '!=') return value !== word();
    if (operator === 'in') return list().includes(value);
    if (operator === 'notin') return !list().includes(value);
    throw new Error(`모르는 연산자 ${operator}`);
  };

  let all = true;
  while (at < tokens.length) {
    if (!requirement()) all = false;
    if (at === tokens.length) break;
    if (tokens[at++] !== ',') throw new Error('조건 사이에는 쉼표가 온다');
    if (at === tokens.length) throw new Error('쉼표 뒤에 조건이 없다');
  }
  return all;
});
