// Times as Go's time package reads them, with its words for what is wrong.

interface Step {
  layout: string;
  pattern: RegExp;
  /** Values out of this range have a name in the message. */
  range?: [name: string, low: number, high: number];
}

const date: Step[] = [
  { layout: '2006', pattern: /^\d{4}/ },
  { layout: '-', pattern: /^-/ },
  { layout: '01', pattern: /^\d\d/, range: ['month', 1, 12] },
  { layout: '-', pattern: /^-/ },
  { layout: '02', pattern: /^\d\d/ },
  { layout: 'T', pattern: /^T/ },
  { layout: '15', pattern: /^\d\d/, range: ['hour', 0, 23] },
  { layout: ':', pattern: /^:/ },
  { layout: '04', pattern: /^\d\d/, range: ['minute', 0, 59] },
  { layout: ':', pattern: /^:/ },
  { layout: '05', pattern: /^\d\d/, range: ['second', 0, 59] },
];
const zone: Step = { layout: 'Z07:00', pattern: /^(Z|[+-]\d\d:\d\d)/ };
/** A fraction is allowed where the layout has none, and exact where it has one. */
const layouts = {
  seconds: [...date, { layout: '', pattern: /^(\.\d+)?/ }, zone],
  micro: [...date, { layout: '.000000', pattern: /^\.\d{6}/ }, zone],
};

const fullLayout = { seconds: '2006-01-02T15:04:05Z07:00', micro: '2006-01-02T15:04:05.000000Z07:00' };

export type TimeForm = keyof typeof layouts;

/** What Go says about a text that is no time in RFC 3339; undefined when it is one. */
export function goTimeError(text: string, form: TimeForm): string | undefined {
  const quoted = JSON.stringify(text);
  let rest = text;
  for (const { layout, pattern, range } of layouts[form]) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) return `parsing time ${quoted} as "${fullLayout[form]}": cannot parse ${JSON.stringify(rest)} as "${layout}"`;
    if (range && (Number(found) < range[1] || Number(found) > range[2])) return `parsing time ${quoted}: ${range[0]} out of range`;
    rest = rest.slice(found.length);
  }
  if (rest !== '') return `parsing time ${quoted}: extra text: ${JSON.stringify(rest)}`;
  const [year, month, day] = text.slice(0, 10).split('-').map(Number) as [number, number, number];
  return day < 1 || day > new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate() ? `parsing time ${quoted}: day out of range` : undefined;
}
