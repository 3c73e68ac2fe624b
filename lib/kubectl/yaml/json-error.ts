// What Go's encoding/json says about a text that is not JSON.

/** `json: offset 9: invalid character '}' looking for beginning of object key string`; undefined for good JSON. */
export function goJsonError(text: string): string | undefined {
  let at = 0;
  const space = () => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const fail = (context: string): never => {
    if (at >= text.length) throw new SyntaxError('unexpected EOF');
    const c = text[at]!;
    throw new SyntaxError(`json: offset ${at + 1}: invalid character ${c === "'" ? `'\\''` : `'${c}'`} ${context}`);
  };
  function string(): void {
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length || text[at] === '\n') fail('in string literal');
      if (text[at] === '\\' && !'"\\/bfnrtu'.includes(text[++at] ?? ' ')) fail('in string escape code');
    }
    at++;
  }
  function members(close: string, one: () => void, where: string): void {
    at++;
    space();
    if (text[at] === close) return void at++;
    for (;;) {
      one();
      space();
      if (text[at] === close) return void at++;
      if (text[at] !== ',') fail(`after ${where}`);
      at++;
      space();
    }
  }
  function value(): void {
    space();
    const c = text[at] ?? '';
    if (c === '{') {
      members('}', pair, 'object key:value pair');
    } else if (c === '[') members(']', value, 'array element');
    else if (c === '"') string();
    else {
      const literal = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?)/.exec(text.slice(at));
      if (!literal) fail('looking for beginning of value');
      at += literal![0].length;
    }
  }
  function pair(): void {
    space();
    if (text[at] !== '"') fail('looking for beginning of object key string');
    string();
    space();
    if (text[at] !== ':') fail('after object key');
    at++;
    value();
  }
  try {
    value();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
