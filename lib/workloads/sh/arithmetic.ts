// Integer arithmetic of `$(( … ))`, with the operators of C that POSIX names.

export interface Names {
  get(name: string): string;
  set(name: string, value: string): void;
}

/** Binary operators, those that bind least first. */
const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '<=', '>', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%']];
const assignment = /^(?:[-+*/%&|^]|<<|>>)?=$/;
const tokenPattern = /\d+#\w+|0[xX][0-9a-fA-F]+|\d+|\$?\{?[A-Za-z_]\w*\}?|<<=|>>=|[-+*/%&|^]=|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%()<>!=?:,&|^~]/g;

/** The value of an expression; what it assigns is set. */
export function arithmetic(text: string, names: Names): number {
  return new Reader(text.match(tokenPattern) ?? [], names).list();
}

class Reader {
  #at = 0;
  readonly #tokens: readonly string[];
  readonly #names: Names;

  constructor(tokens: readonly string[], names: Names) {
    this.#tokens = tokens;
    this.#names = names;
  }

  #take(...words: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    return token !== undefined && words.includes(token) ? this.#tokens[this.#at++] : undefined;
  }

  list(): number {
    let value = this.#assign();
    while (this.#take(',')) value = this.#assign();
    return value;
  }

  #assign(): number {
    const name = nameOf(this.#tokens[this.#at]);
    const operator = this.#tokens[this.#at + 1];
    if (name === undefined || operator === undefined || !assignment.test(operator)) return this.#choice();
    this.#at += 2;
    const right = this.#assign();
    return this.#set(name, operator === '=' ? right : apply(operator.slice(0, -1), this.#value(name), right));
  }

  #choice(): number {
    const condition = this.#binary(0);
    if (!this.#take('?')) return condition;
    const yes = this.#assign();
    this.#take(':');
    const no = this.#assign();
    return condition !== 0 ? yes : no;
  }

  #binary(level: number): number {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (let operator = this.#take(...operators); operator; operator = this.#take(...operators)) left = apply(operator, left, this.#binary(level + 1));
    return left;
  }

  #unary(): number {
    if (this.#take('-')) return -this.#unary();
    if (this.#take('+')) return this.#unary();
    if (this.#take('!')) return Number(this.#unary() === 0);
    if (this.#take('~')) return ~this.#unary();
    if (this.#take('(')) {
      const value = this.list();
      this.#take(')');
      return value;
    }
    const step = this.#take('++', '--');
    const token = this.#tokens[this.#at++];
    const name = nameOf(token);
    if (name === undefined) return token !== undefined && /^\d/.test(token) ? numberOf(token) : 0;
    const value = this.#value(name);
    if (step) return this.#set(name, apply(step[0]!, value, 1));
    const after = this.#take('++', '--');
    if (after) this.#set(name, apply(after[0]!, value, 1));
    return value;
  }

  #value(name: string): number {
    return numberOf(this.#names.get(name));
  }

  #set(name: string, value: number): number {
    this.#names.set(name, String(value));
    return value;
  }
}

const nameOf = (token: string | undefined) => (token !== undefined && /[A-Za-z_]/.test(token) && !/^\d/.test(token) ? token.replace(/[${}]/g, '') : undefined);
/** `0x1f`, `017`, `2#101` and `12`, with a sign or without. */
export function numberOf(text: string): number {
  const [, sign = '', base, digits = ''] = /^\s*([-+]?)(?:(\d+)#)?(\w+)\s*$/.exec(text) ?? [];
  const value = base ? Number.parseInt(digits, Number(base)) : /^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return (sign === '-' ? -value : value) || 0;
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
    case '<<':
      return a * 2 ** b;
    case '>>':
      return Math.floor(a / 2 ** b);
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
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
