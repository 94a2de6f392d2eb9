import { Yaml } from 'cdk8s';
import { resolvePlain } from '../butane/yaml/yaml-resolve';
import { InputError } from '../core/input-error';
import { isShared } from '../core/shared';

/** Shared maps and lists that have no such text. */
const RIGHT = new WeakSet<object>();

/** What all such texts have, so that hardly any other has to be looked at more closely. */
const SUSPECT = /^[-+.\d].*(?:[XOoB_]|b[-+])/;

/** The characters that they begin with stand before this one. */
const BEHIND_DIGITS = 58;

/**
 * Refuses texts that cdk8s writes without quotes, because YAML 1.1 knows no such number, and that `kubectl` and the operators,
 * which read with Go's YAML library, take for a number: `0X1F`, `0o7`, `1e9_`.
 */
export function refuseMisreadTexts(manifest: object): void {
  const isKnown = isShared(manifest);
  if (isKnown && RIGHT.has(manifest)) return;
  if (Array.isArray(manifest)) {
    for (const item of manifest) refuseIn(item);
  } else {
    for (const key in manifest) {
      if (!Object.hasOwn(manifest, key)) continue;
      refuseMisreadText(key);
      refuseIn((manifest as { readonly [key: string]: unknown })[key]);
    }
  }
  if (isKnown) RIGHT.add(manifest);
}

/** The same of one text. */
export function refuseMisreadText(text: string): void {
  if (text.charCodeAt(0) < BEHIND_DIGITS) refuse(text);
}

function refuseIn(value: unknown): void {
  if (typeof value === 'string') {
    refuseMisreadText(value);
  } else if (typeof value === 'object' && value !== null) {
    refuseMisreadTexts(value);
  }
}

function refuse(text: string): void {
  if (!SUSPECT.test(text) || resolvePlain(text).tag === '!!str' || Yaml.stringify([text]) !== `- ${text}\n`) return;
  throw new InputError(
    `the text '${text}' would be written without quotes, which Kubernetes reads as the number ${String(resolvePlain(text).value)}: `
      + 'cdk8s knows only the numbers of YAML 1.1; write another text, or add the field to the file that it wrote',
  );
}
