// kubectl explain: what fields mean, as the API server's OpenAPI documents say.
import { type Resource, servedVersions } from '../../../api/index.ts';
import { warnOfShortName } from '../../arguments.ts';
import { CommandError, PlainError } from '../../errors.ts';
import { bool, string } from '../../flags.ts';
import { parseTemplate } from '../../jsonpath/index.ts';
import { apiVersionOf, pluralName, splitApiVersion } from '../../names.ts';
import type { Call, Command } from '../../session.ts';
import { explanation, heading, kindOfPath } from './plaintext.ts';
import { explanationV2 } from './plaintext-v2.ts';
import { byName, type Document, isGvk } from './schema.ts';

const suggestion = 'Use "kubectl api-resources" for a complete list of supported resources.';

export const explain: Command = {
  name: 'explain',
  short: 'Get documentation for a resource',
  long: `Describe fields and structure of various resources.\n\n This command describes the fields associated with each supported API resource. Fields are identified via a simple JSONPath identifier:\n\n        <type>.<fieldName>[.<fieldName>]\n  \n Information about each field is retrieved from the server in OpenAPI format.\n\n${suggestion}`,
  examples: [
    '# Get the documentation of the resource and its fields',
    'kubectl explain pods',
    '',
    '# Get all the fields in the resource',
    'kubectl explain pods --recursive',
    '',
    '# Get the explanation for deployment in supported api versions',
    'kubectl explain deployments --api-version=apps/v1',
    '',
    '# Get the documentation of a specific field of a resource',
    'kubectl explain pods.spec.containers',
    '',
    '# Get the documentation of resources in different format',
    'kubectl explain deployment --output=plaintext-openapiv2',
  ],
  usage: 'TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  flags: [bool('recursive'), string('api-version'), string('output', 'o')],
  run(call) {
    if (call.args.length === 0) throw new CommandError(`You must specify the type of resource to explain. ${suggestion}`);
    if (call.args.length > 1) throw new CommandError('We accept only this format: explain RESOURCE');
    const { resource, path } = asked(call, call.args[0]!);
    const output = call.flags.string('output') || 'plaintext';
    if (output === 'plaintext-openapiv2' || (output === 'plaintext' && !call.version.has('explain-openapi-v3'))) return inV2(call, resource, path);
    inV3(call, resource, { path, output });
  },
};

/** The kind and the fields that `pods.spec.containers` means; a kind may be named with its group. */
function asked(call: Call, text: string): { resource: Resource; path: string[] } {
  const given = call.flags.string('api-version') !== '';
  const [type, ...fields] = fieldsOf(text, given ? 'all nodes must be field nodes' : undefined);
  const first = call.client.resource(type!);
  if (!first) throw new PlainError(`the server doesn't have a resource type ${JSON.stringify(type)}`);
  warnOfShortName(call, type!, first);
  if (given) return { resource: first, path: fields };
  const named = [first, ...call.resources.filter((row) => row !== first && servedVersions(row, call.version).length > 0 && [row.plural, row.singular, ...(row.shortNames ?? [])].includes(type!))].find((row) => text.startsWith(pluralName(row)));
  if (!named) return { resource: first, path: fields };
  const rest = text.slice(pluralName(named).length);
  return { resource: named, path: rest ? fieldsOf(`x${rest}`).slice(1) : [] };
}

function fieldsOf(text: string, otherwise = 'first node must be field node'): string[] {
  const nodes = parseTemplate(`{.${text.replace(/\.$/, '')}}`);
  const steps = nodes.length === 1 && nodes[0]!.type === 'path' ? nodes[0]!.steps.filter(({ type }) => type !== 'root') : undefined;
  if (!steps) throw new CommandError('must pass in 1 jsonpath string');
  if (steps[0]?.type !== 'field') throw new CommandError('invalid jsonpath syntax, first node must be field node');
  return steps.map((step) => {
    if (step.type !== 'field') throw new CommandError(`invalid jsonpath syntax, ${otherwise}`);
    return step.name;
  });
}

function documentOf(call: Call, path: string): Document | undefined {
  const answer = call.options.raw?.(path);
  return answer?.code === 200 ? (answer.body as Document) : undefined;
}

function inV3(call: Call, { plural, ...resource }: Resource, { path, output }: { path: string[]; output: string }): void {
  const { group, version } = splitApiVersion(call.flags.string('api-version') || apiVersionOf({ plural, ...resource } as Resource, call.version));
  const gvr = `${group}/${version}, Resource=${plural}`;
  const document = documentOf(call, `/openapi/v3/${group ? 'apis/' : 'api'}${group}/${version}`);
  if (!document) throw new CommandError(`couldn't find resource for "${gvr}"`);
  if (output !== 'plaintext') throw new CommandError(`unrecognized format: ${output}`);
  const gvk = kindOfPath(document, { group, version, resource: plural });
  if (!gvk) throw new CommandError(`GVR (${gvr}) not found in OpenAPI schema`);
  call.out.write(heading(gvk));
  const text = explanation(gvk, { document, path, recursive: call.flags.bool('recursive') });
  if (text === undefined) throw new CommandError(`GVK map[group:${gvk.group} kind:${gvk.kind} version:${gvk.version}] not found in OpenAPI schema`);
  if (text === '') throw new CommandError(`field ${JSON.stringify(path.at(-1))} does not exist`);
  call.out.write(`${text}\n`);
}

function inV2(call: Call, resource: Resource, path: string[]): void {
  const gvk = { ...splitApiVersion(call.flags.string('api-version') || apiVersionOf(resource, call.version)), kind: resource.kind };
  const document = documentOf(call, '/openapi/v2');
  const found = byName(document?.definitions).find(([, schema]) => schema['x-kubernetes-group-version-kind']?.some((one) => isGvk(one, gvk)));
  if (!found) throw new CommandError(`couldn't find resource for "${gvk.group}/${gvk.version}, Kind=${gvk.kind}"`);
  call.out.write(explanationV2(found[1], { document: document!, gvk, path, recursive: call.flags.bool('recursive') }));
}
