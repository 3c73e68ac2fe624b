// The text of a unit file: sections of assignments, where a key may stand as often as it likes, and long lines go on after a backslash.

export interface Assignment {
  section: string;
  key: string;
  value: string;
  /** Where it stands: the line at which it ends, as systemd counts. */
  line: number;
}

export interface Complaint {
  line: number;
  text: string;
}

export interface UnitText {
  assignments: readonly Assignment[];
  complaints: readonly Complaint[];
}

/** Lines as systemd sees them: comments gone, those that go on joined with a blank. */
function* logicalLines(text: string): Generator<{ text: string; line: number }> {
  let joined: string | undefined;
  let line = 0;
  for (const raw of text.replace(/\n$/, '').split('\n')) {
    line++;
    if (/^\s*[#;]/.test(raw)) continue;
    const whole = joined === undefined ? raw : joined + raw;
    joined = undefined;
    if (/\\$/.test(raw)) joined = `${whole.slice(0, -1)} `;
    else yield { text: whole.trim(), line };
  }
  if (joined !== undefined) yield { text: joined.trim(), line };
}

/** Reads it as `config_parse` of systemd does: what is wrong is said, left out, and the rest holds. */
export function parseUnitText(text: string, knows: (section: string) => boolean): UnitText {
  const [assignments, complaints]: [Assignment[], Complaint[]] = [[], []];
  let section: string | undefined;
  let ignored = false;
  for (const { text: content, line } of logicalLines(text)) {
    const complain = (what: string) => void complaints.push({ line, text: what });
    if (content === '') continue;
    if (content.startsWith('[')) {
      if (!content.endsWith(']')) {
        complain(`Invalid section header '${content}'`);
        return { assignments, complaints };
      }
      const name = content.slice(1, -1);
      ignored = !knows(name);
      if (ignored && !name.startsWith('X-')) complain(`Unknown section '${name}'. Ignoring.`);
      section = ignored ? undefined : name;
      continue;
    }
    if (section === undefined) {
      if (!ignored) complain('Assignment outside of section. Ignoring.');
      continue;
    }
    const [, key = '', value] = /^([^=]*?)\s*=\s*(.*)$/s.exec(content) ?? [];
    if (value === undefined) complain("Missing '=', ignoring line.");
    else if (key === '') complain("Missing key name before '=', ignoring line.");
    else assignments.push({ section, key, value, line });
  }
  return { assignments, complaints };
}
