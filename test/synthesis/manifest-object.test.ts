import { ApiObject, App, Chart, JsonPatch, Lazy } from 'cdk8s';
import * as fc from 'fast-check';
import { shared } from '../../src/core/shared';
import { ManifestObject } from '../../src/synthesis/manifest-object';

const BY_CDK8S = ApiObject.prototype.toJson;

/** What a function gives, keys in their order, or why it throws. */
function said(render: () => unknown): string {
  try {
    return JSON.stringify(render());
  } catch (error) {
    return (error as Error).message;
  }
}

function written(manifest: object, app = new App()): ManifestObject {
  const chart = new Chart(app, 'chart', { namespace: 'of-chart', labels: { of: 'chart' } });
  return new ManifestObject(chart, 'object', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'object' }, ...manifest });
}

function expectAsCdk8s(object: ManifestObject): void {
  expect(said(() => object.toJson())).toBe(said(() => BY_CDK8S.call(object)));
}

/** Freezes a value to its depth, as those are that many manifests have in common. */
function sharedDeep(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) === null) return value;
  Object.values(value).forEach(sharedDeep);
  return shared(value);
}

const KEYS = fc.constantFrom('a', 'b', '1', '__proto__', 'constructor', 'resolve', 'value', 'apiVersion', 'metadata');

/** Plain values of every kind, and some that are for cdk8s. */
const { value: VALUE } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.boolean(), fc.double(), fc.integer(), fc.constantFrom(null, undefined)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(KEYS, tie('value'), { maxKeys: 5, noNullPrototype: true }),
    fc.dictionary(KEYS, tie('value'), { maxKeys: 5, noNullPrototype: true }).map(sharedDeep),
    fc.constantFrom(10n, new Date(0), () => 1, Symbol.iterator, new Map()),
    fc.integer().map((value) => Lazy.any({ produce: () => ({ value }) })),
  ),
}));

describe('an object of a construct is rendered as cdk8s renders it', () => {
  test('whatever it holds', () => {
    fc.assert(fc.property(fc.dictionary(KEYS, VALUE, { maxKeys: 4, noNullPrototype: true }), (spec) => {
      expectAsCdk8s(written({ spec, data: { spec } }));
    }), { numRuns: 1000 });
  });

  test('whatever its metadata hold', () => {
    const map = (maxKeys: number) => fc.dictionary(KEYS, VALUE, { maxKeys, noNullPrototype: true });
    fc.assert(fc.property(map(4), map(1), (annotations, own) => {
      const object = written({ metadata: { name: 'object', annotations, finalizers: [], ...own } });
      expectAsCdk8s(object);
      object.metadata.addLabel('added', 'later');
      object.metadata.addFinalizers('own.example.com/finalizer');
      expectAsCdk8s(object);
    }), { numRuns: 500 });
    // What cdk8s refuses although there is nothing in it.
    for (const nothing of [null, undefined, {}, []]) {
      for (const key of ['constructor', '__proto__']) expectAsCdk8s(written({ metadata: { name: 'object', ...Object.fromEntries([[key, nothing]]) } }));
    }
  });

  test('with patches, resolvers of the app, and keys left as they are', () => {
    const patched = written({ spec: { b: 1, a: 2 } });
    patched.addJsonPatch(JsonPatch.add('/spec/c', 3));
    expectAsCdk8s(patched);
    expect(patched.toJson()).toMatchObject({ spec: { a: 2, b: 1, c: 3 } });
    const resolver = {
      resolve: (context: { value: unknown; replaceValue: (value: unknown) => void }) => {
        if (context.value === 'known') context.replaceValue('resolved');
      },
    };
    const resolved = written({ spec: { a: 'known' } }, new App({ resolvers: [resolver] }));
    expectAsCdk8s(resolved);
    expect(resolved.toJson()).toMatchObject({ spec: { a: 'resolved' } });
    process.env.CDK8S_DISABLE_SORT = '1';
    expectAsCdk8s(written({ spec: { b: 1, a: 2 } }));
    delete process.env.CDK8S_DISABLE_SORT;
  });

  test('each time anew, so that what is done to one leaves the next alone', () => {
    const spec = sharedDeep({ list: [{ a: 1 }], map: { b: { c: 2 } } }) as object;
    const object = written({ spec });
    const first = object.toJson() as { spec: { list: object[]; map: { b: { c: number } } } };
    first.spec.list.push({});
    Object.assign(first.spec.list[0], { a: 9 });
    first.spec.map.b.c = 9;
    expect(object.toJson()).toMatchObject({ spec });
    expectAsCdk8s(object);
  });
});
