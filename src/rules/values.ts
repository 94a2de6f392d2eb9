import type { Document } from './rule';

/** The value as a plain object, or undefined where it is anything else. */
export function record(value: unknown): { readonly [key: string]: unknown } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as { [key: string]: unknown } : undefined;
}

/** The value as a list, empty where it is anything else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a text, or undefined where it is anything else. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value reached by keys, or undefined where a step is missing or no object. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => record(inner)?.[key], value);
}

export function objectName(document: Document): { namespace?: string; name?: string } {
  return { namespace: text(at(document.metadata, 'namespace')), name: text(at(document.metadata, 'name')) };
}
