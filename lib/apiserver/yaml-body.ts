// Bodies in YAML. What is wrong with one is said in the words of the Go library that Kubernetes reads it with.
import { parseAllDocuments, type YAMLParseError } from 'yaml';

const words: Partial<Record<YAMLParseError['code'], string>> = {
  TAB_AS_INDENT: 'found character that cannot start any token',
  BLOCK_IN_FLOW: 'mapping values are not allowed in this context',
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  MISSING_CHAR: 'found unexpected end of stream',
};

export interface ReadBody {
  value?: unknown;
  problem?: string;
}

/** The first document of a text; of a key that is given twice the last value counts. */
export function readYAML(text: string): ReadBody {
  const [document] = parseAllDocuments(text, { version: '1.1', merge: true, uniqueKeys: false }) as { errors: YAMLParseError[]; toJS(): unknown }[];
  if (!document) return { value: null };
  const [error] = document.errors;
  if (!error) return valueOf(document);
  // Differs from Kubernetes: other faults than these few are told in other words, and the line of some is another.
  const line = (error.linePos?.[0].line ?? 1) + (error.code === 'BLOCK_AS_IMPLICIT_KEY' ? 1 : 0);
  return { problem: `yaml: line ${line}: ${words[error.code] ?? "could not find expected ':'"}` };
}

/** Aliases are followed only here: one may name nothing, or so much that nobody wants to read it. */
function valueOf(document: { toJS(): unknown }): ReadBody {
  try {
    return { value: document.toJS() };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const [, anchor] = /anchor: (.+)$/.exec(error.message) ?? [];
    return { problem: anchor ? `yaml: unknown anchor '${anchor}' referenced` : 'yaml: document contains excessive aliasing' };
  }
}
