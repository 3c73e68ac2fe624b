// The levels that the labels of a namespace ask for (KEP-2579).
import { type FieldError, invalid, type Version } from '../../api/index.ts';

const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

/** A level as a minor release (1.x) had it; without one as the present release has it. */
export interface LevelVersion {
  level: Level;
  minor?: number;
}

export interface Policy {
  enforce: LevelVersion;
  audit: LevelVersion;
  warn: LevelVersion;
}

export const levelText = ({ level, minor }: LevelVersion): string => `${level}:${minor === undefined ? 'latest' : `v1.${minor}`}`;
export const sameLevel = (a: LevelVersion, b: LevelVersion): boolean => a.level === b.level && a.minor === b.minor;
/** How strict a level is. */
export const strictness = (level: Level): number => levels.indexOf(level);

const prefix = 'pod-security.kubernetes.io/';
type Labels = Readonly<Record<string, string>>;

/** Labels that cannot be read enforce the strictest level, and leave the other modes alone. */
function levelOf(labels: Labels, mode: keyof Policy, errors: FieldError[]): LevelVersion {
  const [key, versionKey] = [`${prefix}${mode}`, `${prefix}${mode}-version`];
  const wrong = (name: string, detail: string) => errors.push(invalid(`metadata.labels[${name}]`, labels[name], detail));
  let level: Level = 'privileged';
  if (labels[key] !== undefined) {
    const known = levels.find((name) => name === labels[key]);
    if (!known) wrong(key, `must be one of ${levels.join(', ')}`);
    level = known ?? (mode === 'enforce' ? 'restricted' : 'privileged');
  }
  const version = labels[versionKey];
  if (version === undefined || version === 'latest') return { level };
  const minor = /^v1\.(\d|[1-9]\d+)$/.exec(version)?.[1];
  if (minor === undefined) wrong(versionKey, 'must be "latest" or "v1.x"');
  return minor === undefined ? { level } : { level, minor: Number(minor) };
}

const none: Policy = { enforce: { level: 'privileged' }, audit: { level: 'privileged' }, warn: { level: 'privileged' } };

export function policyOf(labels: Labels = {}, version: Version): { policy: Policy; errors: FieldError[] } {
  const errors: FieldError[] = [];
  if (!Object.keys(labels).some((name) => name.startsWith(prefix))) return { policy: none, errors };
  const enforce = levelOf(labels, 'enforce', errors);
  const enforced = errors.every(({ field }) => !field.endsWith('/enforce]'));
  const [audit, warn] = [levelOf(labels, 'audit', errors), levelOf(labels, 'warn', errors)];
  // Who enforces a level and says nothing of warnings is warned of the same.
  const follows = version.has('pod-security-warns-as-enforced') && labels[`${prefix}warn`] === undefined && enforced && strictness(enforce.level) > strictness(warn.level);
  if (!follows) return { policy: { enforce, audit, warn }, errors };
  return { policy: { enforce, audit, warn: labels[`${prefix}warn-version`] === undefined ? enforce : { ...warn, level: enforce.level } }, errors };
}
