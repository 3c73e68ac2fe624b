/** Integer arithmetic of `$(( … ))`: + - * / % comparisons, && || !, parentheses, variables. */
export function arithmetic(text: string, variable: (name: string) => string): number {
  const tokens = text.match(/\d+|\$?\{?[A-Za-z_]\w*\}?|\*\*|<=|>=|==|!=|&&|\|\||[-+*/%()<>!]/g) ?? [];
  let at = 0;
  const levels: string[][] = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']];

  function binary(level: number): number {
    if (level === levels.length) return unary();
    let left = binary(level + 1);
    while (levels[level]!.includes(tokens[at] ?? '')) left = apply(tokens[at++]!, left, binary(level + 1));
    return left;
  }
  function unary(): number {
    const token = tokens[at++];
    if (token === '-') return -unary();
    if (token === '+') return unary();
    if (token === '!') return unary() === 0 ? 1 : 0;
    if (token === '(') {
      const value = binary(0);
      at++;
      return value;
    }
    if (token === undefined) return 0;
    return /^\d/.test(token) ? Number(token) : Number(variable(token.replace(/[${}]/g, ''))) || 0;
  }
  return binary(0);
}

function apply(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? 0 : Math.trunc(a / b);
    case '%':
      return b === 0 ? 0 : a % b;
    case '<':
      return Number(a < b);
    case '<=':
      return Number(a <= b);
    case '>':
      return Number(a > b);
    case '>=':
      return Number(a >= b);
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '&&':
      return Number(a !== 0 && b !== 0);
    default:
      return Number(a !== 0 || b !== 0);
  }
}
