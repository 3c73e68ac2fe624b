import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, root } from '../project.ts';

const folder = join(root, 'checks', 'solutions');

/** A solution as it stands in its exercise's cell: the notebook has the imports already. */
export function solutionCode(id: string): string | undefined {
  return readIfThere(join(folder, `${id}.ts`))
    ?.replace(/^import\s[\s\S]*?;\n/gm, '')
    .trim();
}

export interface OtherAnswer {
  file: string;
  code: string;
  /** The check that its first line says it must fail. */
  fails: string | undefined;
}

/** Plausible answers that are wrong, and right ones that are not written as the solution is. */
export function otherAnswers(id: string): OtherAnswer[] {
  return readdirSync(folder)
    .filter((name) => /^\.(wrong|right)-.*\.ts$/.test(name.slice(id.length)) && name.startsWith(id))
    .sort()
    .map((name) => {
      const code = readIfThere(join(folder, name)) ?? '';
      return { file: name, code, fails: /^\/\/ fails: (.+)/.exec(code)?.[1]?.trim() };
    });
}
