// selectors.jsonl: label selectors in both forms, field selectors.
import { formatLabels, formatLabelSelector, nothing, parseFieldSelector, parseSelector, type Selector, selectorFromLabelSelector, selectorFromSet, selectorToLabels, type Version } from '../../../lib/api/index.ts';
import { compare, type Replayer } from '../replayer.ts';

interface Recorded {
  matches?: { labels?: Record<string, string>; fields?: Record<string, string>; matches: boolean }[];
  requirements?: unknown;
  selectable?: boolean;
  [field: string]: unknown;
}

function labels(selector: Selector, want: Recorded): Recorded {
  return {
    canonical: selector.toString(),
    ...('empty' in want && { empty: selector.empty }),
    ...('matches' in want && { matches: (want.matches ?? []).map(({ labels }) => ({ labels: labels!, matches: selector.matches(labels) })) }),
    ...('requirements' in want && { requirements: listed(selector) }),
    ...('selectable' in want && { selectable: selector !== nothing }),
  };
}

/** Go writes an empty list as null. */
function listed({ requirements }: Selector) {
  return requirements.length === 0 ? null : requirements.map(({ key, operator, values }) => ({ key, operator, values: [...values].sort() }));
}

const kinds: Record<string, (input: any, want: Recorded, version: Version) => unknown> = {
  parse: (text, want, version) => labels(parseSelector(text, version), want),
  fromSet: (set, want) => ({ ...labels(selectorFromSet(set), want), labelsString: formatLabels(set) }),
  labelSelector: (selector, want, version) => ({ ...labels(selectorFromLabelSelector(selector, version), want), ...('formatted' in want && { formatted: formatLabelSelector(selector) }) }),
  toLabelsMap: (text, _, version) => ({ labels: selectorToLabels(text, version) }),
  field: (text, want) => {
    const selector = parseFieldSelector(text);
    const requirements = selector.requirements.map(({ field, operator, value }) => ({ field, operator, value }));
    return { canonical: selector.toString(), empty: selector.empty, ...('requirements' in want && { requirements }), matches: (want.matches ?? []).map(({ fields }) => ({ fields: fields!, matches: selector.matches(fields!) })) };
  },
};

export const replayer: Replayer = {
  file: 'selectors.jsonl',
  replay: ({ kind, input, output }, { version }) => compare(attempt(() => kinds[kind]!(input, output, version)), output),
};

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return { error: (error as Error).message };
  }
}
