// What must come out of a story: a judge that keeps no versions of its own, but holds the server to those that it gave.
import { josa } from '../../../lib/book/josa.ts';
import { show } from '../../../lib/book/same.ts';
import type { ApiEvent, Outcome, Step } from './api-script.ts';

interface Kept {
  color: string;
  version: string;
}

/** One story's judge. Feed it steps in order; it answers with what is wrong, in Korean. */
export function apiJudge(steps: readonly Step[], outcomes: readonly Outcome[]): string | undefined {
  if (!Array.isArray(outcomes) || outcomes.length !== steps.length) return `서버를 돌려주지 않았다: ${show(outcomes)}`;
  const world = new World(outcomes);
  for (const [i, step] of steps.entries()) {
    const problem = world.judge(step, i);
    if (problem) return `${i + 1}번째 일 ${nameOf(step)}: ${problem}`;
  }
}

const nameOf = (step: Step) => ('name' in step ? `${step.do} ${step.name}` : step.do === 'scribble' ? '(돌려받은 것을 고쳐 쓰기)' : step.do);

class World {
  readonly #outcomes: readonly Outcome[];
  readonly #objects = new Map<string, Kept>();
  readonly #events: { type: string; name: string; color: string; version: string | undefined; at: number }[] = [];
  /** Reading goes on where the last one ended. */
  readonly #positions = new Map<number, number>();
  #newest = -Infinity;

  constructor(outcomes: readonly Outcome[]) {
    this.#outcomes = outcomes;
  }

  judge(step: Step, i: number): string | undefined {
    const outcome = this.#outcomes[i]!;
    const refused = this.#refusal(step);
    if (refused !== undefined) return 'error' in outcome && outcome.error === refused ? undefined : `코드가 ${refused}인 오류를 던져야 하는데 ${told(outcome)}.`;
    if ('error' in outcome) return `되어야 하는데 ${told(outcome)}.`;
    const { value } = outcome;
    switch (step.do) {
      case 'create':
      case 'update':
        return this.#wrote(step.do === 'create' ? 'ADDED' : 'MODIFIED', step.name, step.color, value, i);
      case 'get':
        return this.#is(step.name, value);
      case 'list':
        return this.#isList(value);
      case 'delete': {
        const { color } = this.#objects.get(step.name)!;
        this.#objects.delete(step.name);
        this.#events.push({ type: 'DELETED', name: step.name, color, version: undefined, at: i });
        return;
      }
      case 'watch':
        this.#positions.set(i, this.#events.filter(({ at }) => at < step.seen).length);
        return;
      case 'read':
        return this.#heard(step.watch, value);
      default:
        return undefined;
    }
  }

  #refusal(step: Step): number | undefined {
    if (step.do === 'create') return this.#objects.has(step.name) ? 409 : undefined;
    if (step.do === 'get' || step.do === 'delete') return this.#objects.has(step.name) ? undefined : 404;
    if (step.do !== 'update') return undefined;
    const present = this.#objects.get(step.name);
    if (!present) return 404;
    const sent = step.seen === undefined ? undefined : this.#versionAt(step.seen);
    return sent !== undefined && sent !== present.version ? 409 : undefined;
  }

  /** Only what was really answered has a version; a step that was refused sends none along. */
  #versionAt(step: number): string | undefined {
    const outcome = this.#outcomes[step]!;
    return 'value' in outcome ? outcome.value?.metadata?.resourceVersion : undefined;
  }

  #wrote(type: string, name: string, color: string, value: any, at: number): string | undefined {
    const version = value?.metadata?.resourceVersion;
    if (typeof version !== 'string' || !/^\d+$/.test(version)) return `돌려준 오브젝트의 metadata.resourceVersion은 수를 적은 글이어야 한다: ${show(version)}`;
    if (Number(version) <= this.#newest) return `resourceVersion은 쓸 때마다 커져야 하는데 ${this.#newest} 다음에 ${josa(version, '이/가')} 나왔다.`;
    this.#newest = Number(version);
    this.#objects.set(name, { color, version });
    this.#events.push({ type, name, color, version, at });
    return this.#is(name, value);
  }

  #is(name: string, value: any): string | undefined {
    const { color, version } = this.#objects.get(name)!;
    return unlike(value, { name, color, version });
  }

  #isList(value: any): string | undefined {
    const items = value?.items;
    if (!Array.isArray(items)) return `items가 목록이 아니다: ${show(value)}`;
    const right = [...this.#objects.keys()].sort();
    const names = items.map((item) => item?.metadata?.name);
    if (show(names) !== show(right)) return `이름 순서로 ${show(right)}여야 하는데 ${show(names)}이다.`;
    const version = Number(value.metadata?.resourceVersion);
    if (!(version >= this.#newest || this.#newest === -Infinity)) return `목록의 metadata.resourceVersion은 마지막으로 쓴 것(${this.#newest})보다 작을 수 없다: ${show(value.metadata?.resourceVersion)}`;
    return items.map((item, i) => this.#is(right[i]!, item)).find(Boolean);
  }

  #heard(watch: number, value: unknown): string | undefined {
    if (!Array.isArray(value)) return `read()는 사건의 목록을 돌려준다: ${show(value)}`;
    const expected = this.#events.slice(this.#positions.get(watch));
    this.#positions.set(watch, this.#events.length);
    for (const [i, right] of expected.entries()) {
      const heard = value[i] as ApiEvent | undefined;
      if (!heard) return `${right.type} ${right.name} 사건을 듣지 못했다. 들은 것: ${brief(value)}`;
      if (heard.type !== right.type || heard.object?.metadata?.name !== right.name) return `${right.type} ${right.name} 차례인데 ${josa(brief([heard]), '을/를')} 들었다.`;
      const problem = unlike(heard.object, right);
      if (problem) return `${right.type} ${right.name} 사건의 오브젝트가 다르다. ${problem}`;
    }
    if (value.length > expected.length) return `없던 일을 들었다: ${brief(value.slice(expected.length))}`;
  }
}

/** A deletion has a version of its own, which nobody was told. */
function unlike(value: any, { name, color, version }: { name: string; color: string; version: string | undefined }): string | undefined {
  const seen = { name: value?.metadata?.name, color: value?.data?.color, resourceVersion: version === undefined ? undefined : value?.metadata?.resourceVersion };
  const right = { name, color, resourceVersion: version };
  if (show(seen) !== show(right)) return `${show(right)}여야 하는데 ${show(seen)}이다.`;
  if (value.metadata.labels?.scribbled) return '돌려받은 쪽이 끄적인 것이 저장된 것에까지 적혔다.';
}

const told = (outcome: Outcome) => ('error' in outcome ? `코드 ${josa(show(outcome.error), '으로/로')} 거절했다` : `${josa(show(outcome.value), '을/를')} 돌려주었다`);
const brief = (events: unknown[]) => show(events.map((event) => `${(event as ApiEvent)?.type} ${(event as ApiEvent)?.object?.metadata?.name}`));
