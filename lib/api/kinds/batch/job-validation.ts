// Validation of jobs and of job templates (pkg/apis/batch/validation).
import type { FieldError } from '../../field-error.ts';
import { selectorFromLabelSelector, type Selector } from '../../labels/index.ts';
import { isDNS1123Label } from '../../names.ts';
import { equal } from '../../object.ts';
import type { Context } from '../../resource.ts';
import type { KubeObject, LabelSelector } from '../../types.ts';
import { goLabelSelector, goMap } from '../pod-spec/go-text.ts';
import { validateLabelSelector } from '../pod-spec/labels.ts';
import { type FieldPath, metadataPath, Problems, specPath, statusPath } from '../pod-spec/problems.ts';
import { validateTemplate } from '../pod-spec/validate-template.ts';
import { validateFailurePolicy, validateIndexes, validateReplacementPolicy, validateSuccessPolicy } from './job-policies.ts';
import { jobLabels } from './job-selector.ts';

type Spec = Record<string, any>;

function compiled(selector: LabelSelector | undefined, problems: Problems): Selector | undefined {
  try {
    return selectorFromLabelSelector(selector, problems.version);
  } catch {
    return undefined;
  }
}

/** What generateSelector has made must be what is there. */
function validateGeneratedSelector(problems: Problems, job: KubeObject): void {
  const { selector, template, manualSelector } = job.spec;
  if (manualSelector || !selector) return;
  const labels = template.metadata?.labels ?? {};
  const at = specPath.child('template').child('metadata').child('labels');
  const expected = jobLabels(job, problems.version);
  for (const label of Object.keys(expected).sort()) {
    if (labels[label] === undefined) problems.required(at.key(label), `must be '${expected[label]}'`);
    else if (labels[label] !== expected[label]) problems.invalidText(at.key(label), goMap(labels), `must be '${expected[label]}'`);
  }
  const matcher = compiled(selector, problems);
  if (matcher && !matcher.matches(expected)) problems.invalidText(specPath.child('selector'), goLabelSelector(selector), '`selector` not auto-generated');
}

const counts = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'];

/** What a job and the template of a cron job's jobs have in common. */
export function validateJobSpecParts(problems: Problems, at: FieldPath, spec: Spec): void {
  for (const field of counts) problems.nonNegative(at, field, spec[field]);
  validateIndexes(problems, at, spec);
  if (spec.podFailurePolicy) validateFailurePolicy(problems, at.child('podFailurePolicy'), spec);
  if (spec.successPolicy) validateSuccessPolicy(problems, at.child('successPolicy'), spec);
  validateReplacementPolicy(problems, at, spec);
  validateTemplate(problems, at.child('template'), spec.template);
  validateRestartPolicy(problems, at.child('template').child('spec').child('restartPolicy'), spec);
}

function validateRestartPolicy(problems: Problems, at: FieldPath, { template, podFailurePolicy, backoffLimitPerIndex }: Spec): void {
  const policy = template.spec?.restartPolicy ?? '';
  if (policy === 'Always' || policy === '') problems.required(at, 'valid values: "OnFailure", "Never"');
  else if (policy !== 'OnFailure' && policy !== 'Never') problems.notSupported(at, policy, ['OnFailure', 'Never']);
  else if (podFailurePolicy && policy !== 'Never') problems.invalid(at, policy, 'only "Never" is supported when podFailurePolicy is specified');
  if (backoffLimitPerIndex !== undefined && policy === 'OnFailure') problems.invalid(at, policy, 'when backoffLimitPerIndex is specified');
}

function validateJobSpec(problems: Problems, spec: Spec): void {
  validateJobSpecParts(problems, specPath, spec);
  if (!spec.selector) problems.required(specPath.child('selector'));
  else validateLabelSelector(problems, specPath.child('selector'), spec.selector);
  const labels = spec.template.metadata?.labels;
  const matcher = compiled(spec.selector, problems);
  if (matcher && !matcher.matches(labels)) problems.invalidText(specPath.child('template').child('metadata').child('labels'), goMap(labels), '`selector` does not match template `labels`');
}

export function validateJob(job: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  validateGeneratedSelector(problems, job);
  validateJobSpec(problems, job.spec);
  const { completionMode, completions = 0 } = job.spec;
  if (completionMode === 'Indexed' && completions > 0) {
    const name = `${job.metadata.name}-${completions - 1}`;
    if (isDNS1123Label(name).length > 0) problems.invalid(metadataPath.child('name'), job.metadata.name, `will not able to create pod with invalid DNS label: ${name}`);
  }
  return problems.list;
}

/** The spec is validated twice on an update; each error is reported twice. */
export function validateJobUpdate(job: KubeObject, old: KubeObject, context: Context): FieldError[] {
  const problems = new Problems(context.version);
  validateJobSpec(problems, job.spec);
  validateFixedFields(problems, job, old);
  return [...validateJob(job, context), ...problems.list];
}

function validateFixedFields(problems: Problems, { spec }: KubeObject, old: KubeObject): void {
  const before = old.spec;
  const fixed = (field: string, text: (value: any) => string) => {
    if (!equal(spec[field], before[field])) problems.invalidText(specPath.child(field), spec[field] === undefined ? '"null"' : text(spec[field]), 'field is immutable');
  };
  if (!resizesIndexes(problems, spec, before)) fixed('completions', String);
  fixed('selector', goLabelSelector);
  const template = mayMove(problems, old) ? { ...spec.template, ...directives(before.template, spec.template) } : spec.template;
  if (!equal(template, before.template)) problems.invalidText(specPath.child('template'), goTemplate, 'field is immutable');
  fixed('completionMode', (value) => JSON.stringify(value));
  fixed('podFailurePolicy', () => 'batch.PodFailurePolicy{…}');
  fixed('backoffLimitPerIndex', String);
  fixed('managedBy', (value) => JSON.stringify(value));
  fixed('successPolicy', () => 'batch.SuccessPolicy{…}');
}

/** Differs from Kubernetes: Go prints every field of the template. */
const goTemplate = 'core.PodTemplateSpec{ObjectMeta:v1.ObjectMeta{…}, Spec:core.PodSpec{…}}';

/** An Indexed job grows and shrinks with its parallelism. */
function resizesIndexes(problems: Problems, spec: Spec, before: Spec): boolean {
  const elastic = problems.version.has('job-elastic-indexed') && spec.completionMode === 'Indexed' && spec.completions !== undefined && before.completions !== undefined;
  if (elastic && spec.completions !== before.completions && spec.completions !== spec.parallelism) {
    problems.invalid(specPath.child('completions'), spec.completions, 'can only be modified in tandem with spec.parallelism');
  }
  return elastic;
}

/** Suspended before its first pod: where the pods may run is still open. */
const mayMove = ({ version }: Problems, { spec, status }: KubeObject) => version.has('job-scheduling-directives') && spec.suspend === true && !status?.startTime;

/** The template as it was, but for where its pods may run. */
function directives(before: Spec, after: Spec): Spec {
  const kept = { ...after.spec };
  for (const field of ['affinity', 'nodeSelector', 'tolerations', 'schedulingGates']) {
    if (before.spec[field] === undefined) delete kept[field];
    else kept[field] = before.spec[field];
  }
  return { metadata: { ...after.metadata, labels: before.metadata?.labels, annotations: before.metadata?.annotations }, spec: kept };
}

export function validateJobStatus(status: Spec = {}, { version }: Pick<Context, 'version'>): FieldError[] {
  const problems = new Problems(version);
  for (const field of ['active', 'succeeded', 'failed', 'ready', 'terminating']) problems.nonNegative(statusPath, field, status[field]);
  return problems.list;
}
