import { policy } from './documents';
import { DocumentSet } from '../../src/documents/document-set';
import { RULES } from '../../src/rules/catalogue';
import { Judge } from '../../src/rules/judge';

const FACTS = {};

/** What all rules that read one object find in policies that come one after the other, by one judge and by a new one for each. */
function found(policies: readonly object[]): { readonly one: unknown; readonly each: unknown } {
  const shared = new Judge(RULES, 'alone');
  const by = (judge: Judge, document: object) => judge.judge(new DocumentSet([document], FACTS)).findings
    .map(({ rule, pointer, message }) => [rule, pointer, message]);
  return {
    one: policies.map((document) => by(shared, document)),
    each: policies.map((document) => by(new Judge(RULES, 'alone'), document)),
  };
}

const on = (host: string) => ({ name: `ipsec-${host.split('.')[0]}`, selector: { 'kubernetes.io/hostname': host } });

describe('a judge that remembers what rules were silent about says no less', () => {
  test('where the same connection is right for one node and wrong for another', () => {
    const { one, each } = found([
      policy({}, on('worker-0.example.com')),
      policy({}, on('storage.example.com')),
      policy({}, on('worker-1.example.com')),
    ]);
    expect(one).toEqual(each);
    expect(one).toEqual([
      [],
      [
        [
          'libreswan-ends',
          '/spec/desiredState/interfaces/0/libreswan/right',
          expect.stringContaining('is the node that the connection is for'),
        ],
      ],
      [],
    ]);
  });

  test('where a fixed left is one node\'s in one policy, and in the next for many', () => {
    const { one, each } = found([
      policy({ left: '192.0.2.1' }, on('worker-0.example.com')),
      policy({ left: '192.0.2.1' }, { selector: { 'node-role.kubernetes.io/worker': '' } }),
    ]);
    expect(one).toEqual(each);
    expect(JSON.stringify(one)).toContain('libreswan-left-shared');
  });

  test('where an annotation names a key in one policy and not in the next', () => {
    const annotations = { 'ipsec.cdk8s.io/libreswan-extra': 'newkey' };
    const { one, each } = found([
      policy({ newkey: 'a' }, { ...on('a.example.com'), annotations }),
      policy({ newkey: 'a' }, on('b.example.com')),
      policy({ newkey: 'a' }, { ...on('c.example.com'), annotations }),
    ]);
    expect(one).toEqual(each);
    expect(JSON.stringify((one as unknown[])[1])).toContain('libreswan-option-unknown');
  });

  test('of values that JSON does not tell apart', () => {
    const { one, each } = found([
      policy({ dpddelay: null, dpdtimeout: null }),
      policy({ dpddelay: NaN, dpdtimeout: NaN }),
      policy({ dpddelay: [1], dpdtimeout: 1 }),
      policy({ dpddelay: '1', dpdtimeout: 1 }),
    ]);
    expect(one).toEqual(each);
  });

  test('of very many different ones, each of which comes twice', () => {
    const policies = Array.from({ length: 700 }, (_, i) =>
      policy({ right: `storage-${i % 350}.example.com`, ...(i % 7 === 0 ? { ikev2: 'never' } : {}) }, on(`worker-${i}.example.com`)),
    );
    const { one, each } = found(policies);
    expect(one).toEqual(each);
  });
});
