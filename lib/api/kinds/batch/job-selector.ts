// A job finds its pods by labels that are made for it (pkg/registry/batch/job/strategy.go).
import type { KubeObject } from '../../types.ts';
import type { Version } from '../../version.ts';

const prefix = 'batch.kubernetes.io/';

/** The labels that a job's pods carry, the one that its selector asks for last. */
export function jobLabels({ metadata }: Pick<KubeObject, 'metadata'>, version: Version): Record<string, string> {
  // A job without a name is refused elsewhere.
  const { name = '' } = metadata as { name?: string };
  const labels = { 'job-name': name, 'controller-uid': metadata.uid };
  return version.has('job-prefixed-labels') ? { ...labels, [`${prefix}job-name`]: name, [`${prefix}controller-uid`]: metadata.uid } : labels;
}

const selectorLabel = (version: Version) => (version.has('job-prefixed-labels') ? `${prefix}controller-uid` : 'controller-uid');

/** Labels that are there already stay: when they are others, validation refuses the job. */
export function generateSelector(job: KubeObject, version: Version): void {
  const { metadata } = job.spec.template;
  const labels = (metadata.labels ??= {});
  for (const [label, value] of Object.entries(jobLabels(job, version))) labels[label] ??= value;
  const matchLabels = ((job.spec.selector ??= {}).matchLabels ??= {});
  matchLabels[selectorLabel(version)] ??= job.metadata.uid;
}
