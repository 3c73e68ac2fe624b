// A regular expression as a list of steps for the matcher.
import { PatternError } from './error.ts';
import { type Edge, type Test, type Token, tokensOf } from './tokens.ts';

export type Step =
  | { kind: 'one'; has: Test }
  | { kind: 'edge'; edge: Edge }
  | { kind: 'save'; slot: number }
  | { kind: 'goto'; to: number[] };

type Tree =
  | { kind: 'one'; has: Test }
  | { kind: 'edge'; edge: Edge }
  | { kind: 'sequence'; parts: Tree[] }
  | { kind: 'choice'; parts: Tree[] }
  | { kind: 'group'; number: number; body: Tree }
  | { kind: 'repeat'; min: number; max: number; body: Tree };

const largest = 20_000;

function parse(tokens: readonly Token[]): Tree {
  let [at, groups] = [0, 0];
  const choice = (depth: number): Tree => {
    const parts = [sequence(depth)];
    while (tokens[at]?.kind === '|') {
      at++;
      parts.push(sequence(depth));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  };
  const sequence = (depth: number): Tree => {
    const parts: Tree[] = [];
    for (let token = tokens[at]; token && token.kind !== '|' && (token.kind !== ')' || depth === 0); token = tokens[at]) {
      at++;
      if (token.kind === 'repeat') parts.push({ ...token, body: parts.pop() ?? { kind: 'sequence', parts: [] } });
      else if (token.kind === '(') parts.push(group(depth));
      else if (token.kind === 'set') parts.push({ kind: 'one', has: token.has });
      else if (token.kind === 'edge') parts.push({ ...token });
      else throw new PatternError('Unmatched ) or \\)');
    }
    return { kind: 'sequence', parts };
  };
  const group = (depth: number): Tree => {
    const number = ++groups;
    const body = choice(depth + 1);
    if (tokens[at++]?.kind !== ')') throw new PatternError('Unmatched ( or \\(');
    return { kind: 'group', number, body };
  };
  return choice(0);
}

function emit(tree: Tree, steps: Step[]): void {
  if (steps.length > largest) throw new PatternError('Regular expression too big');
  if (tree.kind === 'one' || tree.kind === 'edge') steps.push(tree);
  else if (tree.kind === 'sequence') for (const part of tree.parts) emit(part, steps);
  else if (tree.kind === 'choice') emitChoice(tree.parts, steps);
  else if (tree.kind === 'group') {
    steps.push({ kind: 'save', slot: 2 * tree.number });
    emit(tree.body, steps);
    steps.push({ kind: 'save', slot: 2 * tree.number + 1 });
  } else emitRepeat(tree, steps);
}

function emitChoice(parts: readonly Tree[], steps: Step[]): void {
  const fork = { kind: 'goto' as const, to: [] as number[] };
  const ends: { kind: 'goto'; to: number[] }[] = [];
  steps.push(fork);
  for (const part of parts) {
    fork.to.push(steps.length);
    emit(part, steps);
    ends.push({ kind: 'goto', to: [] });
    steps.push(ends.at(-1)!);
  }
  for (const end of ends) end.to.push(steps.length);
}

function emitRepeat({ min, max, body }: Tree & { kind: 'repeat' }, steps: Step[]): void {
  for (let i = 0; i < min; i++) emit(body, steps);
  const forks: { kind: 'goto'; to: number[] }[] = [];
  for (let i = min; i < (max === Infinity ? min + 1 : max); i++) {
    const fork = { kind: 'goto' as const, to: [steps.length + 1] };
    forks.push(fork);
    steps.push(fork);
    emit(body, steps);
    if (max === Infinity) steps.push({ kind: 'goto', to: [steps.indexOf(fork)] });
  }
  for (const fork of forks) fork.to.push(steps.length);
}

export interface Program {
  steps: readonly Step[];
  groups: number;
  /** The pattern is this text and nothing else. */
  literal?: string | undefined;
}

export function compile(source: string, extended: boolean): Program {
  const tokens = tokensOf(source, extended);
  const steps: Step[] = [];
  emit(parse(tokens), steps);
  const texts = tokens.map((token) => (token.kind === 'set' ? token.literal : undefined));
  return { steps, groups: tokens.filter(({ kind }) => kind === '(').length, literal: texts.includes(undefined) ? undefined : texts.join('') };
}
