// Manifests as kubectl reads them: documents split at `---`, each YAML 1.1 as go-yaml understands it, or JSON.
import { parse } from 'yaml';
import { goYamlError } from './go-error.ts';
import { goJsonError } from './json-error.ts';

export interface Documents {
  documents: unknown[];
  /** What stopped the reading, as kubectl words it. Documents before it were read. */
  error?: string;
}

/** Splits at lines that begin with `---`, as k8s.io/apimachinery does: line numbers count from the split. */
export function splitDocuments(text: string): string[] {
  return `\n${text}`.split(/\n---[^\n]*(?=\n|$)/).map((part, i) => (i === 0 ? part.slice(1) : part.replace(/^\n/, '')));
}

const isJson = (text: string) => /^\s*\{/.test(text);
const saysNothing = (text: string) => text.split('\n').every((line) => /^\s*(#|$)/.test(line));

/** Reads every document of a file; empty ones are left out. */
export function documents(text: string): Documents {
  const read: unknown[] = [];
  // A text that begins as JSON is read as JSON; later documents are YAML, of which JSON is a part.
  const json = isJson(text);
  for (const part of splitDocuments(text)) {
    if (saysNothing(part)) continue;
    const error = json && isJson(part) ? goJsonError(part) : yamlError(part);
    if (error) return { documents: read, error };
    const value = parseYaml(part);
    if (value !== null && value !== undefined) read.push(value);
  }
  return { documents: read };
}

export function parseYaml(text: string): unknown {
  return JSON.parse(JSON.stringify(parse(text, { version: '1.1', merge: true, uniqueKeys: false, logLevel: 'silent', prettyErrors: false, customTags: withoutTimestamps }) ?? null));
}

// Go keeps a timestamp's text when it turns YAML into JSON; sexagesimal numbers are not known to it.
const withoutTimestamps = (tags: unknown[]) =>
  tags.filter((tag) => {
    const { tag: name, format } = tag as { tag?: string; format?: string };
    return name !== 'tag:yaml.org,2002:timestamp' && format !== 'TIME';
  }) as never[];

function yamlError(text: string): string | undefined {
  const problem = goYamlError(text);
  if (problem) return `error converting YAML to JSON: yaml: ${problem.message}`;
  try {
    parseYaml(text);
    return undefined;
  } catch (error) {
    return `error converting YAML to JSON: yaml: ${(error as Error).message.split('\n')[0]}`;
  }
}
