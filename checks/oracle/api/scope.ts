// Which recorded cases ask for something that is not here yet. A rule looks at kinds and features, never at a case's id.
import { resourceFor, type Version } from '../../../lib/api/index.ts';
import type { TestCase } from '../replayer.ts';
import type { RuleName } from '../rules.ts';

interface Step {
  path?: string;
  contentType?: string;
}

/** The rule that leaves a case out, if any. */
export function outOfScope(testCase: TestCase, version: Version): RuleName | undefined {
  const steps: Step[] = [...(testCase.setup ?? []), testCase.request, ...(testCase.operations ?? []), ...(testCase.after ?? []).map((a: { request: Step }) => a.request)];
  if (steps.some(({ path }) => path && asksForLaterKind(path, version))) return 'kinds that come later';
  return undefined;
}

function asksForLaterKind(path: string, version: Version): boolean {
  const parts = path.split('?')[0]!.split('/').filter(Boolean);
  const isCore = parts[0] === 'api';
  const [group, apiVersion, rest] = isCore ? ['', parts[1], parts.slice(2)] : [parts[1], parts[2], parts.slice(3)];
  if (!group && !isCore) return false;
  const plural = rest[0] === 'namespaces' && rest.length > 2 ? rest[2] : rest[0];
  if (plural === undefined) return false;
  return Boolean(resourceFor(group!, apiVersion ?? '', plural, version)?.discoveryOnly);
}
