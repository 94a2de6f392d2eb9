import { at, list, TEMPLATE_MARK } from './values';

/**
 * The text of `object-templates-raw`: YAML that a Go template writes.
 *
 * The template can't run here, without the cluster that it looks things up on. So its control lines are taken out, and
 * each expression within a line stands as one unknown value; what is left of most such texts is YAML, with all branches.
 */
export class TemplatedYaml {
  private readonly yaml: string;

  public constructor(raw: string) {
    this.yaml = withoutActions(raw);
  }

  /** The entries that the text would give to `object-templates`; none where it is no YAML even so. */
  public templates(parseYaml: (text: string) => unknown): readonly unknown[] {
    try {
      const parsed = parseYaml(this.yaml);
      return Array.isArray(parsed) ? parsed : list(at(parsed, 'object-templates'));
    } catch {
      return [];
    }
  }
}

/** In one pass: a text may open as many actions as it likes and close none. */
function withoutActions(raw: string): string {
  let yaml = '';
  let at = 0;
  let lineStart = 0;
  while (at < raw.length) {
    const start = raw.indexOf('{{', at);
    const end = start < 0 ? -1 : endOf(raw, start);
    if (end < 0) break;
    const lineBreak = raw.slice(at, start).lastIndexOf('\n');
    if (lineBreak >= 0) lineStart = at + lineBreak + 1;
    const run = lineStart >= at && /^[ \t-]*$/.test(raw.slice(lineStart, start)) ? endOfRun(raw, end) : undefined;
    if (run !== undefined && (run === raw.length || raw[run] === '\n')) {
      yaml += raw.slice(at, lineStart) + blank(raw.slice(lineStart, run));
      at = run;
    } else {
      const isComment = COMMENT.test(raw.slice(start, start + 80));
      yaml += `${raw.slice(at, start)}${isComment ? '' : TEMPLATE_MARK}${blank(raw.slice(start, end))}`;
      at = end;
    }
  }
  return yaml + raw.slice(at);
}

const COMMENT = /^\{\{-?\s{0,64}\/\*/;

/** Behind an action; a comment may hold braces. */
function endOf(raw: string, start: number): number {
  const from = COMMENT.test(raw.slice(start, start + 80)) ? raw.indexOf('*/', start) : start + 2;
  const end = from < 0 ? -1 : raw.indexOf('}}', from);
  return end < 0 ? -1 : end + 2;
}

/** Behind the actions that follow one on the same line, with nothing but blanks between. */
function endOfRun(raw: string, from: number): number {
  let end = from;
  for (;;) {
    while (raw[end] === ' ' || raw[end] === '\t') end++;
    const next = raw.startsWith('{{', end) ? endOf(raw, end) : -1;
    if (next < 0) return end;
    end = next;
  }
}

/** Only the line ends of a text, so that what follows keeps its line. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, '');
}
