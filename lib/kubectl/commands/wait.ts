import type { KubeObject } from '../../api/index.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, list, string, time } from '../flags.ts';
import { evaluate, parseTemplate, relaxed } from '../jsonpath/index.ts';
import { pluralName, slashName } from '../names.ts';
import { lookUp, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { waitUntil, week } from '../time.ts';
import { fileFlags, printFlags } from './create.ts';

type Condition = { type: 'delete' } | { type: 'create' } | { type: 'holds'; test(object: KubeObject): boolean };

export const wait: Command = {
  name: 'wait',
  short: 'Experimental: Wait for a specific condition on one or many resources',
  usage: '([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath=\'{}\'[=value]]',
  flags: [...printFlags, ...fileFlags, list('for'), time('timeout', '30s'), string('selector', 'l'), string('field-selector'), bool('all'), bool('all-namespaces', 'A'), bool('local')],
  run(call) {
    const condition = parseCondition(call.flags.all('for').at(-1) ?? '');
    const timeout = call.flags.duration('timeout') < 0 ? week : call.flags.duration('timeout');
    const until = call.client.clock.now + timeout;
    if (condition.type === 'create') return waitForCreation(call, until);
    const { infos, errors } = resolve(call, { ignoreNotFound: condition.type === 'delete' });
    if (infos.length === 0 && errors.length === 0) {
      if (condition.type === 'delete') return;
      throw new CommandError('no matching resources found');
    }
    for (const info of infos) {
      const error = waitFor(call, info, { condition, until });
      if (error) errors.push(error);
      else call.out.line(`${slashName(info)} condition met`);
    }
    throwAll(errors);
  },
};

function parseCondition(text: string): Condition {
  if (/^delete$/i.test(text)) return { type: 'delete' };
  if (/^create$/i.test(text)) return { type: 'create' };
  const condition = /^condition=([^=]*)(?:=(.*))?$/s.exec(text);
  if (condition) {
    const [, name, value = 'true'] = condition;
    return { type: 'holds', test: (object) => conditionHolds(object, name!, value) };
  }
  const path = /^jsonpath=(.*)$/s.exec(text);
  if (path) return jsonPathCondition(path[1]!);
  throw new CommandError(`unrecognized condition: ${JSON.stringify(text)}`);
}

function conditionHolds({ metadata, status }: KubeObject, name: string, value: string): boolean {
  const found = (status?.conditions ?? []).find(({ type }: { type: string }) => type?.toLowerCase() === name.toLowerCase());
  if (!found) return false;
  // A condition that was observed for an older spec says nothing about this one.
  const observed = found.observedGeneration ?? status?.observedGeneration;
  if (metadata.generation && observed !== undefined && observed < metadata.generation) return false;
  return String(found.status).toLowerCase() === value.toLowerCase();
}

function jsonPathCondition(text: string): Condition {
  const split = /^('?)(\{.*\}|[^=]+)\1(?:=(.*))?$/s.exec(text);
  if (!split) throw new CommandError(`jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'`);
  const nodes = parseTemplate(`{${relaxed(split[2]!)}}`);
  const value = split[3]?.replace(/^(['"])(.*)\1$/s, '$2');
  return {
    type: 'holds',
    test(object) {
      const text = evaluate(nodes, object);
      return value === undefined ? text !== '' : text === value;
    },
  };
}

function waitFor(call: Call, info: Info, { condition, until }: { condition: Condition; until: number }): Error | undefined {
  const uid = info.object?.metadata.uid;
  let failure: Error | undefined;
  const done = waitUntil(call, until - call.client.clock.now, () => {
    const object = lookUp(call, info);
    if (condition.type === 'delete') return !object || object.metadata.uid !== uid;
    if (!object) {
      failure = new CommandError(`${pluralName(info.resource)} ${JSON.stringify(info.name)} not found`);
      return true;
    }
    return condition.type === 'holds' && condition.test(object);
  });
  // Asked to look only once, kubectl says what it saw.
  const text = until <= call.client.clock.now && call.flags.duration('timeout') === 0 ? 'condition not met for' : 'timed out waiting for the condition on';
  return failure ?? (done ? undefined : new CommandError(`${text} ${info.resource.plural}/${info.name}`));
}

/** --for=create: the object may be missing at first. */
function waitForCreation(call: Call, until: number): void {
  const { infos } = resolve(call, { local: true });
  for (const info of infos) {
    const there = waitUntil(call, until - call.client.clock.now, () => lookUp(call, info) !== undefined);
    if (!there) throw new CommandError(`timed out waiting for the condition on ${info.resource.plural}/${info.name}`);
    call.out.line(`${slashName(info)} condition met`);
  }
}

