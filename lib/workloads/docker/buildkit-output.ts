// What BuildKit's client leaves on a terminal when a build is over.
import { hexOf } from '../../machine/index.ts';
import type { BuildError } from './build-error.ts';
import type { BuildResult, Step } from './builder.ts';
import { decimalSize } from './human.ts';
import { fullName, parseReference } from '../reference.ts';

const width = 80;

interface Vertex {
  name: string;
  took: number;
  cached?: boolean;
  failed?: boolean;
  /** Lines below it. */
  parts?: [text: string, took: number][];
}

export interface Told {
  /** Name of the Dockerfile and its text; undefined when there is none. */
  file: string;
  dockerfile: string | undefined;
  contextBytes: number;
  names: readonly string[];
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)}s`;

function line(text: string, took: number): string {
  const time = seconds(took);
  const room = width - time.length - 1;
  return `${text.slice(0, room).padEnd(room)} ${time}\n`;
}

/** `[build 2/3] RUN make` */
function nameOf({ stage, index, text }: Step, { steps, stages }: BuildResult): string {
  const own = steps.filter((step) => step.stage === stage);
  // A stage that stands on nothing, or on another stage, has no first step to show.
  const shift = own[0]?.base?.stage || own[0]?.base?.image === undefined && own[0]?.base ? 1 : 0;
  const all = stage.instructions.filter(({ name }) => /^(RUN|COPY|ADD|WORKDIR)$/.test(name)).length + 1 - shift;
  const prefix = stages.length > 1 || stage.named ? `${stage.name} ` : '';
  return `[${prefix}${index! - shift}/${all}] ${text}`;
}

function vertices(result: BuildResult, told: Told): Vertex[] {
  const { steps, error } = result;
  const all: Vertex[] = [{ name: `[internal] load build definition from ${told.file}`, took: 0, parts: [[`transferring dockerfile: ${told.dockerfile === undefined ? '2B' : decimalSize(told.dockerfile.length + 30)}`, 0]] }];
  if (told.dockerfile === undefined || error?.problem === 'dockerfile' || error?.problem === 'target') return all;
  const failed = error && steps.at(-1);
  const bases = steps.filter(({ base, instruction }) => instruction.name === 'FROM' && !base?.stage && (base?.image !== undefined || !base));
  for (const step of bases) all.push({ name: `[internal] load metadata for ${safeName(step.text.slice(5))}`, took: 0, failed: step === failed });
  if (failed && bases.includes(failed)) return all;
  all.push({ name: '[internal] load .dockerignore', took: 0, parts: [['transferring context: 2B', 0]] });
  let sent = false;
  for (const step of steps) {
    const { instruction, base } = step;
    if (instruction.name === 'FROM') {
      if (base?.image) all.push(fromVertex(step, result));
      continue;
    }
    if (step.index === undefined) continue;
    if (/^(COPY|ADD)$/.test(instruction.name) && !instruction.flags['from'] && !sent) {
      sent = true;
      all.push({ name: '[internal] load build context', took: 0, parts: [[`transferring context: ${decimalSize(told.contextBytes)}`, 0]] });
    }
    all.push({ name: nameOf(step, result), took: step.took, cached: step.cached, failed: step === failed });
  }
  if (result.image) all.push({ name: 'exporting to image', took: 0, parts: [['exporting layers', 0], [`writing image ${result.image.id}`, 0], ...told.names.map((name): [string, number] => [`naming to ${name}`, 0])] });
  return all;
}

function fromVertex(step: Step, result: BuildResult): Vertex {
  const { image, missing } = step.base!;
  const name = nameOf({ ...step, text: `FROM ${image!.name.replace(/@.*/, '')}@${image!.digest}` }, result);
  const parts = missing.map(({ digest, size }): [string, number] => [`${digest.slice(0, 31)}… ${decimalSize(size)} / ${decimalSize(size)}`, step.took]);
  return { name, took: step.took, parts };
}

const safeName = (text: string) => {
  try {
    return fullName(parseReference(text));
  } catch {
    return text;
  }
};

export function buildKitOutput(result: BuildResult, told: Told): string {
  const all = vertices(result, told);
  const took = result.steps.reduce((sum, step) => sum + step.took, 0);
  const done = all.filter(({ failed }) => !failed).length;
  const head = `[+] Building ${seconds(took)} (${done}/${all.length}) FINISHED`;
  let out = `${head}${'docker:default'.padStart(width - head.length)}\n`;
  for (const { name, took, cached, failed, parts = [] } of all) {
    out += line(` => ${failed ? 'ERROR ' : cached ? 'CACHED ' : ''}${name}`, took);
    for (const [text, time] of parts) out += line(` => => ${text}`, time);
  }
  if (told.dockerfile === undefined) return `${out}ERROR: failed to build: failed to solve: failed to read dockerfile: open ${told.file}: no such file or directory\n`;
  return result.error ? out + failure(result, all, told) : out;
}

function failure(result: BuildResult, all: readonly Vertex[], told: Told): string {
  const error = result.error!;
  const vertex = all.find(({ failed }) => failed);
  const printed = error.output.replace(/\n$/, '').split('\n').filter(Boolean).map((text) => `0.${String(100 + (hexOf(text).charCodeAt(0) % 90))} ${text}\n`);
  const which = vertex ? `------\n > ${vertex.name}:\n${printed.join('')}------\n` : '';
  return `${which}${excerpt(error, told)}ERROR: failed to build: failed to solve: ${reason(error)}\n`;
}

/** The lines around the one that failed. */
function excerpt({ line, instruction }: BuildError, { file, dockerfile = '' }: Told): string {
  if (line === undefined) return '';
  const lines = dockerfile.split('\n');
  const end = instruction?.endLine ?? line;
  const shown = lines.slice(Math.max(0, line - 3), end + 2).map((text, i) => {
    const number = Math.max(1, line - 2) + i;
    return `${String(number).padStart(4)} | ${number >= line && number <= end ? '>>>' : '   '} ${text}\n`;
  });
  return `${file}:${line}\n--------------------\n${shown.join('')}--------------------\n`;
}

function reason({ problem, message, exitCode, line }: BuildError): string {
  switch (problem) {
    case 'dockerfile':
      return line === undefined ? message : `dockerfile parse error on line ${line}: ${message}`;
    case 'run':
      return `process ${JSON.stringify(message)} did not complete successfully: exit code: ${exitCode}`;
    case 'missing':
      return `failed to compute cache key: failed to calculate checksum of ref ${refOf(message)}::${refOf(`${message}/`)}: ${JSON.stringify(message)}: not found`;
    default:
      return message;
  }
}

/** BuildKit names its refs with 25 letters and digits. */
const refOf = (text: string) => (BigInt(`0x${hexOf(text)}`).toString(36) + hexOf(`${text}.`)).slice(0, 25);
