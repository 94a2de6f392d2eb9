import { TEMPLATE_MARK } from './placeholders';
import { at, list } from './values';

/**
 * The text of `object-templates-raw`: YAML that a Go template writes.
 *
 * The template can't run here, without the cluster that it looks things up on. So its control lines are taken out, and
 * each expression within a line stands as one unknown value; what is left of most such texts is YAML, with all branches.
 */
export class TemplatedYaml {
  private readonly yaml: string;

  public constructor(raw: string) {
    this.yaml = raw
      .replace(/\{\{-?\s*\/\*[^]*?\*\/\s*-?\}\}/g, blank)
      .replace(/^[ \t-]*(?:\{\{(?:[^}]|\}(?!\}))*\}\}[ \t]*)+$/gm, blank)
      .replace(/\{\{(?:[^}]|\}(?!\}))*\}\}/g, (expression) => `${TEMPLATE_MARK}${blank(expression)}`);
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

/** Only the line ends of a text, so that what follows keeps its line. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, '');
}
