// The messages behind the kinds: which type a kind has, and the numbers of its fields.
import { type Type, typeOf, typeOfKind } from '../schema/types.ts';
import data from './numbers.json' with { type: 'json' };

const lines: Record<string, string | undefined> = data;

/** Kinds that belong to every group. */
const everywhere = new Set(['DeleteOptions', 'Status', 'APIVersions', 'APIGroupList', 'APIGroup', 'APIResourceList']);

/** The type of a kind as it is answered: one of the group, or one that all groups share. */
export function answerTypeOf(apiVersion: string, kind: string): Type | undefined {
  if (everywhere.has(kind) || apiVersion.startsWith('meta.k8s.io/')) return typeOf(`meta/v1.${kind}`);
  return typeOfKind(apiVersion, kind) ?? typeOfKind(stable(apiVersion), kind);
}

/** `apps/v1.Deployment`; undefined for what has no protobuf. */
export function messageOf(apiVersion: string, kind: string): string | undefined {
  const name = answerTypeOf(apiVersion, kind)?.fullName;
  return name !== undefined && lines[name] !== undefined ? name : undefined;
}

/** Differs from Kubernetes: old versions without a schema of their own are written as the stable one, which has the same numbers. */
const stable = (apiVersion: string) => (apiVersion === 'apiextensions.k8s.io/v1beta1' ? '' : `${apiVersion.split('/')[0]}/v1`);

/** One field of a message; `embeds` is a message whose fields belong to the type itself. */
export interface Member {
  number: number;
  field: string;
  embeds?: string;
}

const known = new Map<string, Member[]>();

/** In the order of their numbers. */
export function membersOf(name: string): readonly Member[] {
  let members = known.get(name);
  if (!members) known.set(name, (members = inFileOrder(name).sort((a, b) => a.number - b.number)));
  return members;
}

function inFileOrder(name: string): Member[] {
  return (lines[name] ?? '').split(' ').filter(Boolean).map((pair) => {
    const colon = pair.lastIndexOf(':');
    const field = pair.slice(0, colon);
    return { number: Number(pair.slice(colon + 1)), field, ...(field[0] === '>' && { embeds: field.slice(1) }) };
  });
}

/** A message that stands for what JSON writes in several ways: the numbers of its parts. */
export interface Choice {
  type: Type;
  schema: number;
  /** A list of schemas, a list of texts, or whether anything is allowed. */
  schemas?: number;
  texts?: number;
  allows?: number;
}

const choices: Record<string, Omit<Choice, 'type'>> = {
  items: { schema: 1, schemas: 2 },
  additionalProperties: { schema: 2, allows: 1 },
  additionalItems: { schema: 2, allows: 1 },
  dependencies: { schema: 1, texts: 2 },
};

/** Set for the few fields of a schema that are such messages. */
export function choiceOf(type: Type | undefined, field: string): Choice | undefined {
  if (type?.name !== 'JSONSchemaProps' || !Object.hasOwn(choices, field)) return undefined;
  return { type: typeOf(type.fullName)!, ...choices[field]! };
}

/** A list that is a message of its own, with its elements in field 1. */
export const isWrapped = (type: Type | undefined, field: string) => field === 'verbs' && type?.fullName === 'meta/v1.APIResource';
