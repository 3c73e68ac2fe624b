// kubectl create poddisruptionbudget.
import { type LabelSelector, parseSelector } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import { string } from '../flags.ts';
import { apiVersionOf, findResource } from '../names.ts';
import type { Call, Command } from '../session.ts';
import type { Generator } from './create-quota.ts';

const operators: Record<string, string> = { in: 'In', notin: 'NotIn', exists: 'Exists', '!': 'DoesNotExist' };

function labelSelector(text: string): LabelSelector {
  const { requirements } = parseSelector(text);
  const labels = requirements.filter(({ operator }) => operator === '=' || operator === '==').map(({ key, values }) => [key, values[0]!]);
  const wrong = requirements.find(({ operator }) => operator !== '=' && operator !== '==' && !(operator in operators));
  if (wrong) throw new CommandError(`${JSON.stringify(wrong.operator)} is not a valid label selector operator`);
  const others = requirements.filter(({ operator }) => operator in operators).map(({ key, operator, values }) => ({ key, operator: operators[operator]!, ...(values.length > 0 && { values: [...values] }) }));
  return { ...(labels.length > 0 && { matchLabels: Object.fromEntries(labels) }), ...(others.length > 0 && { matchExpressions: others }) };
}

/** A number, or a text that ends with `%`. */
function countOf(flag: string, text: string): number | string {
  if (!/^\d+%?$/.test(text)) throw new CommandError(`invalid format specified for ${flag}`);
  return text.endsWith('%') ? text : Number(text);
}

function specOf({ flags }: Call) {
  const [selector, least, most] = [flags.string('selector'), flags.string('min-available'), flags.string('max-unavailable')];
  if (!selector) throw new CommandError('a selector must be specified');
  if (!least && !most) throw new CommandError('one of min-available or max-unavailable must be specified');
  if (least && most) throw new CommandError('min-available and max-unavailable cannot be both specified');
  return { ...(least ? { minAvailable: countOf('min-available', least) } : { maxUnavailable: countOf('max-unavailable', most) }), selector: labelSelector(selector) };
}

export function budgetGenerator(generator: Generator, nameArgument: (call: Call) => string): Command {
  return generator('poddisruptionbudget', {
    aliases: ['pdb'],
    what: 'poddisruptionbudgets:',
    short: 'Create a pod disruption budget with the specified name',
    usage: 'NAME --selector=SELECTOR --min-available=N',
    flags: [string('min-available'), string('max-unavailable'), string('selector')],
    make: (call) => ({
      apiVersion: apiVersionOf(findResource('PodDisruptionBudget', call.version)!, call.version),
      kind: 'PodDisruptionBudget',
      metadata: { name: nameArgument(call), creationTimestamp: null } as never,
      spec: specOf(call),
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    }),
  });
}
