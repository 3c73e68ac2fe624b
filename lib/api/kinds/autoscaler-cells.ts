// TARGETS of autoscalers: what is measured, and what it shall be.
import type { Version } from '../version.ts';

type Loose = Record<string, any>;
const unknown = '<unknown>';

function amounts({ target = {} }: Loose, current: Loose | undefined): string {
  if (target.averageValue !== undefined) return `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`;
  return `${current?.value ?? (current ? '0' : unknown)}/${target.value ?? '<nil>'}`;
}

function shares({ name, target = {} }: Loose, current: Loose | undefined, names: boolean): string {
  const prefix = names ? `${name}: ` : '';
  if (target.averageValue !== undefined) return `${prefix}${current ? (current.averageValue ?? '0') : unknown}/${target.averageValue}`;
  const share = (value: number | undefined, otherwise: string) => (value === undefined ? otherwise : `${value}%`);
  return `${prefix}${share(current?.averageUtilization, unknown)}/${share(target.averageUtilization, '<auto>')}`;
}

export function metricsText(metrics: Loose[] = [], statuses: Loose[] | null = [], version: Version): string {
  if (metrics.length === 0) return '<none>';
  const names = version.has('autoscaler-names-resource');
  const texts = metrics.map((metric, i) => {
    const current = (source: string) => statuses?.[i]?.[source]?.current as Loose | undefined;
    switch (metric.type) {
      case 'External':
        return amounts(metric.external, current('external'));
      case 'Object':
        return amounts(metric.object, current('object'));
      case 'Pods':
        return `${current('pods') ? (current('pods')!.averageValue ?? '0') : unknown}/${metric.pods?.target?.averageValue}`;
      case 'Resource':
        return shares(metric.resource, current('resource'), names);
      case 'ContainerResource':
        return shares(metric.containerResource, current('containerResource'), names);
      default:
        return '<unknown type>';
    }
  });
  return texts.length > 2 ? `${texts.slice(0, 2).join(', ')} + ${texts.length - 2} more...` : texts.join(', ');
}
