// What the builder before BuildKit printed (the default until Docker 23.0).
import { hexOf } from '../../machine/index.ts';
import type { BuildError } from './build-error.ts';
import type { BuildResult, Step } from './builder.ts';
import { shortId } from './container.ts';
import { decimalSize } from './human.ts';

export interface LegacyTold {
  contextBytes: number;
  /** How many instructions the Dockerfile has. */
  total: number;
  /** Text of a pull, step by step. */
  pulls: ReadonlyMap<Step['instruction'], string>;
  names: readonly string[];
}

export function legacyOutput({ steps, image, error }: BuildResult, told: LegacyTold): { out: string; err: string } {
  let out = `Sending build context to Docker daemon  ${decimalSize(Math.ceil((told.contextBytes + 1536) / 512) * 512)}\n`;
  for (const [i, step] of steps.entries()) {
    const { instruction, text, cached, result } = step;
    out += `Step ${i + 1}/${told.total} : ${instruction.name === 'FROM' ? `FROM ${instruction.rest}` : text}\n${told.pulls.get(instruction) ?? ''}`;
    const failed = error !== undefined && i === steps.length - 1;
    const temporary = shortId(hexOf(`${result}${i}`));
    const runs = instruction.name !== 'FROM' && !/^(COPY|ADD)$/.test(instruction.name) && !cached && !(failed && error.problem !== 'run');
    if (runs) out += ` ---> Running in ${temporary}\n${step.output || (failed ? error.output : '')}`;
    if (failed) continue;
    if (runs) out += `Removing intermediate container ${temporary}\n`;
    if (cached) out += ' ---> Using cache\n';
    const last = image !== undefined && i === steps.length - 1;
    out += ` ---> ${shortId(last ? image.id : result)}\n`;
  }
  if (image) out += [`Successfully built ${shortId(image.id)}`, ...told.names.map((name) => `Successfully tagged ${name}`)].map((line) => `${line}\n`).join('');
  return { out, err: error ? `${reason(error)}\n` : '' };
}

function reason({ problem, message, exitCode, line, instruction }: BuildError): string {
  switch (problem) {
    case 'dockerfile':
      if (message === 'the Dockerfile cannot be empty') return 'Error response from daemon: the Dockerfile (Dockerfile) cannot be empty';
      return line === undefined ? `Error response from daemon: ${message}` : `Error response from daemon: dockerfile parse error line ${line}: ${message.replace(/ \(did you mean .*/, '')}`;
    case 'run':
      return `The command '${message}' returned a non-zero code: ${exitCode}`;
    case 'missing':
      return `${instruction!.name} failed: file not found in build context or excluded by .dockerignore: stat ${message.slice(1)}: file does not exist`;
    case 'outside':
      return `${instruction!.name} failed: forbidden path outside the build context: ${message} ()`;
    default:
      return message;
  }
}
