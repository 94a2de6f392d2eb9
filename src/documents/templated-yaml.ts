import { TEMPLATE_MARK } from './placeholders';

const OPENING = /\{[{%#]/g;
const CLOSING: { readonly [opening: string]: string } = { '{{': '}}', '{%': '%}', '{#': '#}' };
const COMMENT = /^\{\{-?\s{0,8}\/\*/;

/**
 * A text that a template engine makes YAML, with Go templates or Jinja in it, as YAML for now.
 *
 * The template can't run here, without what it looks up. So its control lines are taken out, and each expression within a
 * line stands as one unknown value; what is left of most such texts is YAML, with all branches, and every line in its place.
 */
export function yamlOfTemplate(text: string): string {
  return withoutExpressions(text).split('\n').map((line) => CONTROL_LINE.test(line) ? '' : line).join('\n');
}

/** Whether a text holds what a template engine reads. */
export function isTemplateText(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

const CONTROL_LINE = new RegExp(`^[ \\t-]*${TEMPLATE_MARK}[ \\t${TEMPLATE_MARK}]*\\r?$`);

function withoutExpressions(text: string): string {
  let result = '';
  let from = 0;
  const unclosed = new Set<string>();
  OPENING.lastIndex = 0;
  for (let found = OPENING.exec(text); found; found = OPENING.exec(text)) {
    const [opening] = found;
    // What is not closed once is not closed later either: each end is looked for once.
    if (unclosed.has(opening)) continue;
    const end = endOf(text, found.index, opening);
    if (end < 0) {
      unclosed.add(opening);
      continue;
    }
    const lines = text.slice(found.index, end).replace(/[^\n]/g, '');
    result += `${text.slice(from, found.index)}${TEMPLATE_MARK}${lines}`;
    from = OPENING.lastIndex = end;
  }
  return result + text.slice(from);
}

/** Behind an expression, whose comment may hold others; -1 where it has no end. */
function endOf(text: string, start: number, opening: string): number {
  const inside = COMMENT.test(text.slice(start, start + 16)) ? Math.max(start, text.indexOf('*/', start)) : start;
  const closing = text.indexOf(CLOSING[opening], inside);
  return closing < 0 ? -1 : closing + 2;
}
