import type { KubeObject } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { describeContainers } from './containers.ts';
import { describeVolumes } from './volumes.ts';
import { annotations, multiline, spread, tolerations, Writer } from './writer.ts';

/** The pod template of a controller. */
export function podTemplate(w: Writer, template: KubeObject['spec'], call: Call): void {
  w.line(0, 'Pod Template:');
  if (!template) {
    w.write(1, '<unset>');
    return;
  }
  multiline(w, 'Labels', template.metadata?.labels, { indent: '  ' });
  if (Object.keys(template.metadata?.annotations ?? {}).length > 0) annotations(w, 'Annotations', template.metadata.annotations, '  ');
  const spec = template.spec ?? {};
  if (spec.serviceAccountName) w.field(1, 'Service Account', spec.serviceAccountName);
  if (spec.initContainers?.length) describeContainers(w, 'Init Containers', spec.initContainers, { space: '  ' });
  describeContainers(w, 'Containers', spec.containers, { space: '  ' });
  describeVolumes(w, spec.volumes, { space: '  ', call });
  spread(w, spec, '  ');
  if (spec.priorityClassName) w.field(1, 'Priority Class Name', spec.priorityClassName);
  multiline(w, 'Node-Selectors', spec.nodeSelector, { indent: '  ' });
  tolerations(w, 'Tolerations', spec.tolerations, '  ');
}

/** The template alone, its columns not aligned, as `rollout history --revision` prints it. */
export function describeTemplate(template: KubeObject['spec'], call: Call): string {
  const w = new Writer();
  podTemplate(w, template, call);
  return w.text;
}
