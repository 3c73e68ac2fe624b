// What a script is made of.
export type Part =
  | { kind: 'text'; text: string; quoted: boolean }
  | { kind: 'variable'; name: string; operator?: string; operand?: Word; quoted: boolean }
  | { kind: 'command'; body: Node; quoted: boolean }
  | { kind: 'arithmetic'; text: string; quoted: boolean };
export type Word = readonly Part[];
export interface Redirect {
  fd: number;
  operator: '>' | '>>' | '<' | '>&' | '<<';
  target: Word;
}
export type Node =
  | { kind: 'simple'; assignments: [string, Word][]; words: Word[]; redirects: Redirect[] }
  | { kind: 'pipeline'; commands: Node[]; negated: boolean }
  | { kind: 'list'; items: { node: Node; operator: ';' | '&' | '&&' | '||' }[] }
  | { kind: 'if'; clauses: { condition: Node; body: Node }[]; otherwise?: Node }
  | { kind: 'while'; condition: Node; body: Node; until: boolean }
  | { kind: 'for'; name: string; words: Word[] | undefined; body: Node }
  | { kind: 'case'; word: Word; clauses: { patterns: Word[]; body: Node }[] }
  | { kind: 'group'; body: Node; subshell: boolean; redirects: Redirect[] }
  | { kind: 'function'; name: string; body: Node };

export class ShellSyntaxError extends Error {}
