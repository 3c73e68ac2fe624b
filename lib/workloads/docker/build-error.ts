import type { Instruction } from './dockerfile.ts';

/** Why a build ended; how it is said depends on the builder. */
export type BuildProblem = 'dockerfile' | 'target' | 'reference' | 'source' | 'run' | 'missing' | 'outside';

export class BuildError extends Error {
  readonly problem: BuildProblem;
  readonly instruction: Instruction | undefined;
  readonly line: number | undefined;
  readonly exitCode: number;
  readonly output: string;

  constructor(problem: BuildProblem, message: string, { instruction, line, exitCode = 1, output = '' }: { instruction?: Instruction; line?: number; exitCode?: number; output?: string } = {}) {
    super(message);
    this.problem = problem;
    this.instruction = instruction;
    this.line = line ?? instruction?.line;
    this.exitCode = exitCode;
    this.output = output;
  }
}
