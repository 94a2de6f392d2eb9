/**
 * What is still to be filled in, whoever will do it. A value that holds such a part is unknown: no rule judges it.
 *
 * | form | filled in by |
 * | --- | --- |
 * | `{{ … }}`, `{{hub … hub}}`, `{% … %}` | Go templates (Helm, RHACM, Argo CD, Hive), Jinja (Ansible), Kyverno, NMState captures |
 * | `${NAME}`, `${{NAME}}`, `$NAME` | OpenShift Templates, Flux, envsubst, shells, the source CRs of ZTP |
 * | `$(NAME)` | Kustomize, Tekton |
 * | `<name>` | Argo CD Vault Plugin, and whoever copies from a documentation |
 */

/** Stands for a template expression inside a text that had to be made YAML first. */
export const TEMPLATE_MARK = '\uE000';

const DOLLAR = /\$(?:\{[^}]*\}?|\(\w[^)$(]*\)|[A-Za-z_]\w*)/;
const ANGLES = /<[A-Za-z][^<>\n]*>/;
const PARTS = new RegExp([String.raw`\{\{[^]*?\}\}`, String.raw`\{%[^]*?%\}`, TEMPLATE_MARK, DOLLAR.source, ANGLES.source].join('|'), 'g');

/** Beyond it a text is a whole file: angle brackets are redirections or markup, and it is never nothing but placeholders. */
const MAX_VALUE_LENGTH = 4096;

/**
 * Whether a value holds a part that is still to be filled in, so that what it will be is unknown.
 *
 * `{{ name }}` without quotes is read by YAML as a map inside a map: that counts too.
 */
export function isPlaceholder(value: unknown): boolean {
  if (typeof value === 'string') return holdsPlaceholder(value);
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isUnquotedExpression(value);
}

/** Whether nothing of a value is known. A secret that merely has a `$` in it is a secret all the same. */
export function isWhollyPlaceholder(value: unknown): boolean {
  if (typeof value !== 'string') return isPlaceholder(value);
  return value.length <= MAX_VALUE_LENGTH && holdsPlaceholder(value) && value.replace(PARTS, '').trim() === '';
}

/** Whether a value still has a name in angle brackets, which a documentation has, and no tool fills in. */
export function isLeftFromDocumentation(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_VALUE_LENGTH && value.includes('<') && /<(?!path:)[A-Za-z][\w .-]*>/.test(value);
}

/**
 * Whether what a data URL holds is unknown. Base64 has none of the characters of a placeholder; in a percent-encoded body
 * a `$` can be the variable of a script, so that only a body that is nothing but placeholders counts, or one with `{{`.
 */
export function isPlaceholderUrl(url: unknown): boolean {
  if (typeof url !== 'string') return isPlaceholder(url);
  if (url.includes('{{') || url.includes(TEMPLATE_MARK)) return true;
  const comma = url.indexOf(',');
  const head = url.slice(0, comma + 1);
  if (comma < 0 || holdsPlaceholder(head)) return holdsPlaceholder(url);
  if (/;base64,$/i.test(head)) return /[$<]/.test(url) && holdsPlaceholder(url);
  return isWhollyPlaceholder(url.slice(comma + 1));
}

/** A character that every placeholder has; most values have none. */
const SIGN = /[{$<\uE000]/;
const [DOLLAR_SIGN, ANGLE, BRACE, MARK] = [...'$<{\uE000'].map((sign) => sign.charCodeAt(0));

function hasSign(text: string): boolean {
  // For the few characters of most values, a regular expression takes longer to begin than to look.
  if (text.length > 48) return SIGN.test(text);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOLLAR_SIGN || code === ANGLE || code === BRACE || code === MARK) return true;
  }
  return false;
}

function holdsPlaceholder(text: string): boolean {
  if (!hasSign(text)) return false;
  return text.includes('{{') || text.includes(TEMPLATE_MARK) || text.includes('{%') || text.startsWith('{ ? { ')
    || text.includes('$') && DOLLAR.test(text)
    || text.length <= MAX_VALUE_LENGTH && text.includes('<') && ANGLES.test(text);
}

/** `{{ name }}` as a YAML reader gives it: a map whose one key is a map, written out, and has no value. */
function isUnquotedExpression(map: object): boolean {
  for (const key in map) {
    const value: unknown = (map as { readonly [name: string]: unknown })[key];
    return value === null && key.startsWith('{ ') && Object.keys(map).length === 1;
  }
  return false;
}
