// The words of an awk program.
import { escapes } from '../commands/command.ts';
import { Refused } from '../commands/getopt.ts';

export interface AwkToken {
  kind: 'number' | 'string' | 'regex' | 'name' | 'word' | 'sign' | 'end';
  text: string;
}

const words = new Set(['BEGIN', 'END', 'if', 'else', 'while', 'do', 'for', 'in', 'break', 'continue', 'next', 'exit', 'delete', 'print', 'printf', 'function', 'func', 'return', 'getline']);
const form = /(?<blank>[ \t\r]+|\\\n|#[^\n]*)|(?<number>0[xX][\da-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|(?<string>"(?:[^"\\\n]|\\[^])*")|(?<name>[A-Za-z_]\w*)|(?<sign>\+\+|--|\*\*=?|&&|\|\||>>|[-+*/%^<>=!]=|!~|[-+*/%^<>=!~?:,;{}()[\]$|\n])/y;

export const unexpected = () => new Refused('cmd. line:1: Unexpected token');

/** A slash begins an expression where no value stands before it. */
const divides = (last: AwkToken | undefined) => last !== undefined && (/^(number|string|regex|name)$/.test(last.kind) || /^([)\]$]|\+\+|--)$/.test(last.text));

export function awkTokens(program: string): AwkToken[] {
  const tokens: AwkToken[] = [];
  for (let at = 0; at < program.length; ) {
    const slash = program[at] === '/' && !divides(tokens.at(-1)) ? /\/((?:[^/\\\n[]|\\[^]|\[\^?\]?[^\]\n]*\])*)\//y : undefined;
    const expression = slash ?? form;
    expression.lastIndex = at;
    const match = expression.exec(program);
    if (!match) throw unexpected();
    at += match[0].length;
    if (slash) tokens.push({ kind: 'regex', text: match[1]!.replaceAll('\\/', '/') });
    else if (match.groups!['number']) tokens.push({ kind: 'number', text: match[0] });
    else if (match.groups!['string']) tokens.push({ kind: 'string', text: escapes(match[0].slice(1, -1).replaceAll('\\"', '"').replaceAll('\\/', '/')) });
    else if (match.groups!['name']) tokens.push({ kind: words.has(match[0]) ? 'word' : 'name', text: match[0] });
    else if (match.groups!['sign']) tokens.push({ kind: 'sign', text: match[0] });
  }
  return [...tokens, { kind: 'end', text: '' }];
}
