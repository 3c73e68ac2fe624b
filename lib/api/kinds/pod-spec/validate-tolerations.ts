// Taints and tolerations.
import { isValidLabelValue } from '../../names.ts';
import { equal } from '../../object.ts';
import type { Taint, Toleration } from '../../types.ts';
import { goToleration } from './go-text.ts';
import { validateLabelName } from './labels.ts';
import type { FieldPath, Problems } from './problems.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** The two that admission gives to nearly every pod need no look. */
const isUsual = ({ key, operator, effect, value }: Toleration) =>
  (key === 'node.kubernetes.io/not-ready' || key === 'node.kubernetes.io/unreachable') && operator === 'Exists' && effect === 'NoExecute' && !value;

export function validateTolerations(problems: Problems, at: FieldPath, tolerations: readonly Toleration[]): void {
  for (let i = 0; i < tolerations.length; i++) if (!isUsual(tolerations[i]!)) validateToleration(problems, at.index(i), tolerations[i]!);
}

function validateToleration(problems: Problems, at: FieldPath, toleration: Toleration): void {
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration;
  if (key) validateLabelName(problems, at.child('key'), key);
  else if (operator !== 'Exists') problems.invalid(at.child('operator'), operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"');
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') problems.invalid(at.child('effect'), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
  if (operator === '' || operator === 'Equal') {
    const messages = isValidLabelValue(value);
    if (messages.length > 0) problems.invalid(at.child('operator'), value, messages.join(';'));
  } else if (operator === 'Exists') {
    // Releases up to 1.31 print the whole toleration.
    const text = problems.version.has('toleration-value-in-message') ? JSON.stringify(value) : goToleration(toleration);
    if (value) problems.invalidText(at.child('operator'), text, "value must be empty when `operator` is 'Exists'");
  } else problems.notSupported(at.child('operator'), operator, ['Equal', 'Exists']);
  if (effect && !effects.includes(effect)) problems.notSupported(at.child('effect'), effect, effects);
}

/** An update may add tolerations and change how long one holds, nothing else. */
export function onlyAddedTolerations(problems: Problems, at: FieldPath, now: readonly Toleration[], before: readonly Toleration[]): void {
  const same = (a: Toleration, b: Toleration) => equal({ ...a, tolerationSeconds: undefined }, { ...b, tolerationSeconds: undefined });
  for (const old of before) {
    if (!now.some((toleration) => same(toleration, old))) return problems.forbidden(at, 'existing toleration can not be modified except its tolerationSeconds');
  }
  validateTolerations(problems, at, now);
}

export function validateTaints(problems: Problems, at: FieldPath, taints: readonly Taint[]): void {
  const seen = new Set<string>();
  taints.forEach(({ key = '', value = '', effect = '' }, i) => {
    const path = at.index(i);
    validateLabelName(problems, path.child('key'), key);
    const messages = isValidLabelValue(value);
    if (messages.length > 0) problems.invalid(path.child('value'), value, messages.join(';'));
    if (!effect) problems.required(path.child('effect'));
    else if (!effects.includes(effect)) problems.notSupported(path.child('effect'), effect, effects);
    if (!seen.has(`${effect} ${key}`)) return seen.add(`${effect} ${key}`);
    const text = `core.Taint{Key:${JSON.stringify(key)}, Value:${JSON.stringify(value)}, Effect:${JSON.stringify(effect)}, TimeAdded:<nil>}`;
    problems.list.push({ type: 'FieldValueDuplicate', field: path.toString(), message: `Duplicate value: ${text}: taints must be unique by key and effect pair` });
  });
}
