// From the text of an expression to something that can be run, or to what is wrong with it.
import { addressFunctions } from './addresses.ts';
import { compileError, type Found, runError } from './errors.ts';
import { kubernetesFunctions } from './functions.ts';
import { withPlainHas } from './has.ts';
import { cel } from './library.ts';

export type Environment = InstanceType<typeof cel.Environment>;
export type Variables = Readonly<Record<string, unknown>>;

export interface Program {
  /** The type that it has, as far as it is known: `bool`, `dyn`. */
  readonly type: string;
  /** Throws an Error in the words of cel-go. */
  run(variables: Variables): unknown;
}

let base: Environment | undefined;

/** An environment with everything that Kubernetes offers, for variables of one's own. */
export function newEnvironment(): Environment {
  if (!base) {
    base = new cel.Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
    kubernetesFunctions(base);
    addressFunctions(base);
  }
  return base.clone();
}

/** Compiles an expression; `error` is what a definition of it is refused with. Differs from Kubernetes: there are no costs. */
export function compile(env: Environment, expression: string): { program: Program; error?: undefined } | { program?: undefined; error: string } {
  const written = withPlainHas(expression);
  const checked = env.check(written);
  if (!checked.valid) return { error: compileError(expression, (written === expression ? checked : env.check(expression)).error as unknown as Found) };
  const parsed = env.parse(written);
  return {
    program: {
      type: String(checked.type),
      run(variables) {
        try {
          return parsed(variables as Record<string, unknown>);
        } catch (error) {
          throw new Error(runError(error as Found));
        }
      },
    },
  };
}

/** What an expression for a message says; `otherwise` where it fails, or says nothing that fits on a line. */
export function messageFrom(program: Program | undefined, variables: Variables, otherwise: string): string {
  if (!program) return otherwise;
  try {
    const text = program.run(variables);
    return typeof text === 'string' && text.trim() && !text.includes('\n') ? text.trim() : otherwise;
  } catch {
    return otherwise;
  }
}
