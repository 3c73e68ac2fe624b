// A Dockerfile's stages: each begins with FROM.
import type { Instruction } from './dockerfile.ts';
import { words } from './dockerfile.ts';
import { expand, pairs } from './expand.ts';

export interface Stage {
  index: number;
  /** What `AS` gave it; `stage-1` otherwise. */
  name: string;
  named: boolean;
  /** What it stands on, its variables replaced. */
  base: string;
  from: Instruction;
  instructions: Instruction[];
  /** ARGs before the first FROM: a stage sees those that it names again. */
  globals: ReadonlyMap<string, string>;
}

export function stagesOf(instructions: readonly Instruction[], args: ReadonlyMap<string, string>): Stage[] {
  const globals = new Map<string, string>();
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      const [base = '', , name] = words(instruction.rest);
      const index = stages.length;
      stages.push({ index, name: name ?? `stage-${index}`, named: name !== undefined, base: expand(base, globals), from: instruction, instructions: [], globals });
    } else if (stages.length > 0) stages.at(-1)!.instructions.push(instruction);
    else if (instruction.name === 'ARG') for (const [name, value] of pairs(words(instruction.rest), instruction.rest)) globals.set(name, args.get(name) ?? value);
  }
  return stages;
}

/** The stages that one stands on or copies from, in the order of the file. */
export function neededStages(last: Stage, all: readonly Stage[]): Stage[] {
  const needed = new Set<Stage>();
  const add = (stage: Stage) => {
    if (needed.has(stage)) return;
    needed.add(stage);
    for (const name of [stage.base, ...stage.instructions.flatMap(({ flags }) => flags['from'] ?? [])]) {
      const other = all.find((one) => one.index < stage.index && (one.name.toLowerCase() === name.toLowerCase() || (name !== stage.base && String(one.index) === name)));
      if (other) add(other);
    }
  };
  add(last);
  return all.filter((stage) => needed.has(stage));
}
