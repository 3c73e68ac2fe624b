// How Go prints values in its own syntax (%#v). Field errors show structs and maps so.
import type { IntOrString } from '../../int-or-string.ts';
import type { LabelSelector, Toleration } from '../../types.ts';
import { quantity } from './quantities.ts';

const quote = (text: string | undefined) => JSON.stringify(text ?? '');

export function goStrings(list: readonly string[] | undefined): string {
  return list ? `[]string{${list.map(quote).join(', ')}}` : '[]string(nil)';
}

export function goMap(map: Record<string, string> | undefined): string {
  if (!map) return 'map[string]string(nil)';
  const keys = Object.keys(map).sort();
  return `map[string]string{${keys.map((key) => `${quote(key)}:${quote(map[key])}`).join(', ')}}`;
}

export function goLabelSelector({ matchLabels, matchExpressions }: LabelSelector): string {
  const requirement = 'v1.LabelSelectorRequirement';
  const expressions = matchExpressions?.map(({ key, operator, values }) => `${requirement}{Key:${quote(key)}, Operator:${quote(operator)}, Values:${goStrings(values)}}`);
  return `v1.LabelSelector{MatchLabels:${goMap(matchLabels)}, MatchExpressions:[]${requirement}${expressions ? `{${expressions.join(', ')}}` : '(nil)'}}`;
}

export function goIntOrString(value: IntOrString): string {
  const text = typeof value === 'string';
  return `intstr.IntOrString{Type:${text ? 1 : 0}, IntVal:${text ? 0 : value}, StrVal:${quote(text ? value : '')}}`;
}

export function goQuantity(text: string): string {
  const { unscaled, scale, format } = quantity(text);
  return `resource.Quantity{i:resource.int64Amount{value:${unscaled}, scale:${scale}}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:${quote(text)}, Format:${quote(format)}}`;
}

export function goToleration({ key, operator, value, effect, tolerationSeconds }: Toleration): string {
  const seconds = tolerationSeconds === undefined ? '(nil)' : '(0xc000000000)';
  return `core.Toleration{Key:${quote(key)}, Operator:${quote(operator)}, Value:${quote(value)}, Effect:${quote(effect)}, TolerationSeconds:(*int64)${seconds}}`;
}

/** A struct of pointers: Go prints addresses, which mean nothing; what is unset is nil. */
export function goPointers(type: string, fields: readonly [name: string, type: string, value: unknown][]): string {
  return `${type}{${fields.map(([name, kind, value]) => `${name}:(*${kind})(${value === undefined ? 'nil' : '0xc000000000'})`).join(', ')}}`;
}
