import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { docstrings } from './public-api';
import { OURS, PAGES } from './vendor-keys';
import { RULE_IDS } from '../../src/core/rule-ids';
import { LIBRESWAN_OPTIONS } from '../../src/openshift/libreswan-options';

const ALL = docstrings();
const PROPS = ALL.filter(({ isProp }) => isProp);
const LINKED = PROPS.filter(({ see }) => see.length > 0);

const last = (key: string) => key.split('.').at(-1)!;
const plain = (name: string) => name.replace(/-/g, '').toLowerCase();
/** A docstring names a key in code, and a prop by being called like it. */
const names = (key: string, { of, prose }: typeof PROPS[number]) =>
  prose.includes(`\`${key}\``) || plain(last(of)) === plain(last(key));

describe('a prop that has a vendor\'s key', () => {
  test('is each one that is not said to be ours, with the reason', () => {
    const ours = new Set(Object.values(OURS).flat());
    const isOurs = (of: string) => ours.has(of) || ours.has(`*.${last(of)}`);
    expect(PROPS.filter(({ of, see }) => isOurs(of) === see.length > 0).map(({ of }) => of)).toEqual([]);
  });

  test('links a page of the vendor', () => {
    const others = LINKED.flatMap(({ of, see }) => see.filter((page) => !Object.hasOwn(PAGES, page)).map((page) => `${of}: ${page}`));
    expect(others).toEqual([]);
  });

  test('names a key that is described there', () => {
    const nameless = LINKED.filter((prop) => !prop.see.some((page) => PAGES[page]?.keys.some((key) => names(key, prop))));
    // The way out for keys that no table has yet.
    expect(nameless.map(({ of }) => of)).toEqual(['LibreswanOptions.libreswanExtra']);
  });

  test('what is ours names no key of a vendor', () => {
    const keys = Object.values(PAGES).flatMap((page) => page.keys).filter((key) => key.includes('.') || /[A-Z=]|left|right/.test(key));
    expect(PROPS.filter(({ see }) => see.length === 0)
      .flatMap(({ of, prose }) => keys.filter((key) => prose.includes(`\`${key}\``)).map((key) => `${of}: ${key}`))).toEqual([]);
  });
});

describe('the lists', () => {
  test('have no prop that does not exist, and none twice', () => {
    const all = Object.values(OURS).flat();
    const exists = (of: string) => PROPS.some((prop) => (of.startsWith('*.') ? last(prop.of) === last(of) : prop.of === of));
    expect(all.filter((of) => !exists(of))).toEqual([]);
    expect(all.filter((of, i) => all.indexOf(of) < i || (!of.startsWith('*.') && all.includes(`*.${last(of)}`)))).toEqual([]);
  });

  test('have no page and no key that no prop names', () => {
    const unused = Object.entries(PAGES).flatMap(([page, { keys }]) => {
      const props = LINKED.filter(({ see }) => see.includes(page));
      const lazy = keys === LIBRESWAN_KEYS ? [] : keys.filter((key) => !props.some((prop) => names(key, prop)));
      return [...props.length === 0 ? [page] : [], ...lazy.map((key) => `${page}: ${key}`)];
    });
    expect(unused).toEqual([]);
  });
});

const LIBRESWAN_KEYS = PAGES['https://libreswan.org/man/ipsec.conf.5.html'].keys;

test('the keys of libreswan are those of the library\'s own table', () => {
  expect(LIBRESWAN_KEYS).toEqual(LIBRESWAN_OPTIONS.map(({ key }) => key));
});

const CRDS = join(__dirname, '..', '..', '..', 'shared', 'crds');
const withCrds = existsSync(CRDS) ? test : test.skip;

withCrds('the keys of objects of a cluster are in their definitions', () => {
  const unknown = Object.values(PAGES).flatMap(({ keys, definition }) => {
    if (definition === undefined) return [];
    const { spec: { versions } } = parse(readFileSync(join(CRDS, `${definition}.yaml`), 'utf8'));
    const known = versions.flatMap(({ schema }: any) => paths(schema.openAPIV3Schema));
    return keys.filter((key) => !key.startsWith('metadata.') && !key.includes('/') && !known.some((path: string) => `.${path}`.endsWith(`.${key}`)));
  });
  expect(unknown).toEqual([]);
});

/** The paths of all properties of a schema; a list has the properties of its elements. */
function paths({ properties = {}, items }: any, path = ''): string[] {
  if (items !== undefined) return paths(items, path);
  return Object.entries(properties).flatMap(([name, schema]) => [`${path}${name}`, ...paths(schema, `${path}${name}.`)]);
}

test('a docstring that speaks of a finding says which rule it is', () => {
  const speaking = ALL.filter(({ text }) => /\b(?:is|are|gives?) (?:an? )?(?:finding|refused|error|warning)s?\b/.test(text.replace(/\s+/g, ' ')));
  expect(speaking.length).toBeGreaterThan(8);
  const ids = new Set<string>(RULE_IDS);
  const silent = speaking.filter(({ text }) => ![...text.matchAll(/`([a-z0-9-]+)`/g)].some(([, id]) => ids.has(id)));
  // Butane's own refusals have no rule.
  expect(silent.map(({ of }) => of)).toEqual(['Butane.compile']);
});
