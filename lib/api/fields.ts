// Field selectors: `metadata.name=web,status.phase!=Running`.
import { badRequest } from './status.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** A compiled field selector. A field that the object does not have counts as the empty text. */
export interface FieldSelector {
  readonly requirements: readonly FieldRequirement[];
  readonly empty: boolean;
  matches(fields: Readonly<Record<string, string>>): boolean;
  /** The value that a field must have, undefined when none is asked for. */
  exact(field: string): string | undefined;
  toString(): string;
}

/** Throws a StatusError `BadRequest` with the words of k8s.io/apimachinery/pkg/fields. */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).sort()) {
    if (term === '') continue;
    const found = /!=|==|=/.exec(term);
    if (!found) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const value = unescape(term.slice(found.index + found[0].length));
    requirements.push({ field: term.slice(0, found.index), operator: found[0] === '!=' ? '!=' : '=', value });
  }
  return fieldSelector(requirements);
}

/** A selector from its requirements; those with neither field nor value ask for nothing. */
function fieldSelector(all: readonly FieldRequirement[]): FieldSelector {
  const requirements = all.filter(({ field, value }) => field !== '' || value !== '');
  return {
    requirements,
    empty: requirements.length === 0,
    matches(fields) {
      for (const { field, operator, value } of requirements) if (((fields[field] ?? '') === value) !== (operator === '=')) return false;
      return true;
    },
    exact: (field) => requirements.find((r) => r.field === field && r.operator === '=')?.value,
    toString: () => requirements.map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`).join(','),
  };
}

/** A value as it may stand in the text of a selector. */
export const escapeFieldValue = (value: string) => value.replace(/[\\,=]/g, '\\$&');

/** Splits at commas that no backslash escapes. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ',') {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function unescape(text: string): string {
  let out = '';
  let escaped = false;
  for (const c of text) {
    const special = c === '\\' || c === ',' || c === '=';
    if (escaped) {
      if (!special) throw badRequest(`invalid field selector: invalid escape sequence: \\${c}`);
      out += c;
      escaped = false;
    } else if (c === '\\') escaped = true;
    else if (special) throw badRequest(`invalid field selector: unescaped character in value: ${c.codePointAt(0)}`);
    else out += c;
  }
  if (escaped) throw badRequest('invalid field selector: invalid escape sequence: \\');
  return out;
}
