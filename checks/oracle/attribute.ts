// Recordings are of v1.20. Replayed at a newer release, a case may differ only because of named entries of the version
// table: switching entries on one by one finds which.
import { type ChangeName, changes, createVersion, type Version } from '../../lib/api/index.ts';
import { type Outcome, skip } from './replayer.ts';

const recorded = createVersion('v1.20');

/** v1.20 with some changes of newer releases switched on. `asked` collects the names that the code looked at. */
function between({ on, served = recorded, asked }: { on: (name: ChangeName) => boolean; served?: Version; asked?: Set<ChangeName> }): Version {
  return {
    gitVersion: served.gitVersion,
    minor: served.minor,
    has(name) {
      asked?.add(name);
      return recorded.has(name) || on(name);
    },
  };
}

/** What explained the last cases, which often explains the next one: the latest first. */
const causes: ChangeName[] = [];

/** Runs a case at `version`. A failure that a named change explains counts as skipped under that name. */
export function attributed(replay: (version: Version) => Outcome, version: Version): Outcome {
  const asked = new Set<ChangeName>();
  const outcome = replay(between({ on: (name) => version.has(name), served: version, asked }));
  if (outcome.result !== 'failed' || version.minor <= recorded.minor) return outcome;
  const before = replay(between({ on: () => false, asked }));
  if (before.result !== 'passed') return before.result === 'skipped' ? before : outcome;
  if (replay(between({ on: () => false, served: version })).result === 'failed') return skip('served API versions');
  // A case that throws without a change in what is served is broken, not different.
  if (outcome.threw) return outcome;
  const names = [...new Set([...causes.filter((name) => asked.has(name)), ...asked])].filter((name) => version.has(name) && !recorded.has(name));
  const cause = names.find((name) => replay(between({ on: (one) => one === name })).result === 'failed');
  if (cause) causes.splice(0, causes.length, cause, ...causes.filter((name) => name !== cause));
  return skip(cause ?? 'several changes together');
}

/** True for a name of the version table. */
export const isChange = (name: string): name is ChangeName => name in changes;
