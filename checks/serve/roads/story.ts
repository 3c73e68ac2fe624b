// What happens to one cluster, step by step, so that the same can happen to another; and the kubectl lines in it.
import { type Cluster, type ClusterOptions, createCluster } from '../../../lib/cluster/index.ts';
import { createKeys } from '../../../lib/serve/index.ts';
import { pkiOf } from '../../../lib/serve/open-cluster.ts';
import { splitWords, templateWords } from '../../../lib/kubectl/index.ts';

export interface Line {
  argv: readonly string[];
  stdin: string;
  /** How many steps come before it. */
  at: number;
  /** What our own kubectl said. */
  own: { code: number; stdout: string; stderr: string };
  files: ReadonlyMap<string, string>;
}

type Step = (cluster: Cluster) => unknown;

/** Those of the servers on the other road too: what a component was given before, the server knows. */
export const keys = await createKeys();

/** An hour behind, since kubectl's clock must not lie before an age. */
const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;

export class Story {
  readonly lines: Line[] = [];
  readonly #options: ClusterOptions;
  readonly #steps: Step[] = [];
  readonly #cluster: Cluster;

  constructor(options: ClusterOptions = {}) {
    this.#options = { ...options, start, pki: pkiOf(keys) };
    this.#cluster = createCluster(this.#options);
  }

  /** Another cluster, as this one was before the line. */
  before({ at }: Line): Cluster {
    const twin = createCluster(this.#options);
    for (const step of this.#steps.slice(0, at)) step(twin);
    return twin;
  }

  do<T>(step: (cluster: Cluster) => T): T {
    this.#steps.push(step);
    return step(this.#cluster);
  }

  kubectl(argv: readonly string[], options: { stdin?: string; endless?: string | number } = {}) {
    const files = new Map(this.#cluster.files);
    const at = this.#steps.length;
    const own = this.do((cluster) => cluster.kubectl.run(argv, options));
    this.lines.push({ argv, stdin: options.stdin ?? '', at, own, files });
    return own;
  }

  /** The cluster as a cell has it: whatever is called on it becomes a step. */
  asCell(): Cluster {
    return noting(this, this.#cluster, (cluster) => cluster, { kubectl: cellKubectl(this) });
  }
}

type Tagged = [strings: TemplateStringsArray, ...values: unknown[]];

function cellKubectl(story: Story) {
  const run = (given: Tagged, options?: Parameters<Story['kubectl']>[1], more: string[] = []) => story.kubectl([...templateWords(given[0], given.slice(1)), ...more], options);
  const quiet = ({ code, stdout, stderr }: Line['own']) => (code === 0 ? stdout : stdout + stderr);
  return Object.assign(async (...given: Tagged) => void run(given), {
    text: (...given: Tagged) => quiet(run(given)),
    json: (...given: Tagged) => JSON.parse(run(given, undefined, ['-o', 'json']).stdout),
    for: (endless: string | number) => async (...given: Tagged) => void run(given, { endless }),
    stdin: (stdin: string) => async (...given: Tagged) => void run(given, { stdin }),
    run: (argv: readonly string[] | string, options?: object) => story.kubectl(typeof argv === 'string' ? splitWords(argv) : argv, options),
  });
}

function noting<T extends object>(story: Story, target: T, find: (cluster: Cluster) => any, instead: object = {}): T {
  return new Proxy(target, {
    get(_, name) {
      if (name in instead) return instead[name as never];
      const value = Reflect.get(target, name);
      if (typeof value === 'object' && value !== null && ['client', 'fault', 'server', 'cloud', 'workstation', 'files'].includes(String(name))) return noting(story, value, (cluster) => find(cluster)[name]);
      if (typeof value !== 'function' || ['show', 'requests', 'explain'].includes(String(name))) return value;
      const act = (...args: unknown[]) => {
        const call = (cluster: Cluster) => find(cluster)[name](...args);
        return name === 'machine' ? noting(story, value.apply(target, args), call) : story.do(call);
      };
      // A template tag such as `sh` has functions of its own: `sh.text`, `sh.run`.
      const more = Object.keys(value).map((key) => [key, (...args: unknown[]) => story.do((cluster) => find(cluster)[name][key](...args))]);
      return Object.assign(act, Object.fromEntries(more));
    },
  });
}
