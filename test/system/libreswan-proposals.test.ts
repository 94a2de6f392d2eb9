import { requireTools, run } from './tools';
import { DhGroup, EspProposal, IkePrf, IkeProposal, IpsecCipher, IpsecIntegrity } from '../../src';
import { AlgorithmKind, LIBRESWAN_ALGORITHMS } from '../../src/openshift/libreswan-algorithms';
import { proposalRefusal } from '../../src/openshift/libreswan-proposals';
import { manyProposals, meaning, Proposals } from '../openshift/proposals';

requireTools({ ipsec: 'libreswan' });

/** What libreswan's own reader says of each; perfect forward secrecy is on, as it is for every connection that NetworkManager adds. */
function algparse(all: readonly Proposals[], fips: 'yes' | 'no' = 'no'): (string | undefined)[] {
  const answers: (string | undefined)[] = [];
  for (const version of [1, 2] as const) {
    const own = all.flatMap((one, i) => (one.version === version ? [i] : []));
    for (let from = 0; from < own.length; from += 100) {
      const batch = own.slice(from, from + 100);
      const texts = batch.map((i) => `${all[i].key}=${all[i].text}`);
      const { stdout } = run('ipsec', ['algparse', `-fips=${fips}`, '-pfs=yes', `-v${version}`, ...texts]);
      const said = stdout.split(/^algparse /m).slice(1);
      expect(said).toHaveLength(batch.length);
      said.forEach((block, n) => { answers[batch[n]] = /^\tERROR: (.*)$/m.exec(block)?.[1]; });
    }
  }
  return answers;
}

describe('ike and esp as libreswan itself reads them', () => {
  const all = manyProposals(5000);
  const theirs = algparse(all);

  test('the set has enough of both kinds, for each key and version', () => {
    for (const key of ['ike', 'esp'] as const) {
      for (const version of [1, 2] as const) {
        const answers = theirs.filter((_, i) => all[i].key === key && all[i].version === version);
        expect(answers.filter((says) => says === undefined).length).toBeGreaterThanOrEqual(50);
        expect(answers.filter((says) => says !== undefined).length).toBeGreaterThanOrEqual(250);
      }
    }
  });

  test('each is taken and refused here as it is there, for the same reason', () => {
    const differing = all.flatMap((one, i) => {
      const ours = meaning(proposalRefusal(one.key, one.text, one.version));
      return ours === meaning(theirs[i]) ? [] : [{ ...one, ours, theirs: theirs[i] }];
    });
    expect(differing).toEqual([]);
  });

  test('each name in the table is one that libreswan knows', () => {
    const namesOf = (kind: AlgorithmKind) => LIBRESWAN_ALGORITHMS[kind].flatMap(({ names }) => names);
    const single: Proposals[] = [
      ...namesOf('encryption').map((name) => ({ key: 'esp' as const, version: 2 as const, text: name })),
      ...namesOf('integrity').map((name) => ({ key: 'esp' as const, version: 2 as const, text: `aes256-${name}` })),
      ...namesOf('PRF').map((name) => ({ key: 'ike' as const, version: 2 as const, text: `aes256-${name};dh19` })),
      ...namesOf('DH').map((name) => ({ key: 'ike' as const, version: 2 as const, text: `aes256-sha2_256;${name}` })),
    ];
    const unknown = algparse(single).flatMap((says, i) => (says?.includes('is not recognized') ? [single[i].text] : []));
    expect(unknown).toEqual([]);
  });
});

describe('typed proposals as libreswan itself reads them', () => {
  const ciphers = Object.values(IpsecCipher);
  const integrities = [undefined, ...Object.values(IpsecIntegrity)];
  const groups = Object.values(DhGroup);
  const made = (key: 'ike' | 'esp', make: () => IkeProposal | EspProposal): Proposals[] => {
    try {
      return [{ key, version: 2, text: String(make()) }];
    } catch {
      return []; // what the types say of a cipher is tested elsewhere
    }
  };
  const ike = ciphers.flatMap((cipher) => integrities.flatMap((integrity) => Object.values(IkePrf).flatMap((prf) =>
    groups.flatMap((group) => made('ike', () => IkeProposal.of({ cipher, integrity, prf, group }))))));
  const esp = ciphers.flatMap((cipher) => integrities.flatMap((integrity) => [undefined, ...groups].flatMap((group) =>
    made('esp', () => EspProposal.of({ cipher, integrity, group })))));

  test('each combination is taken, by libreswan and by the rule', () => {
    expect([ike.length, esp.length]).toEqual([432, 130]);
    const all = [...ike, ...esp];
    expect(algparse(all).flatMap((says, i) => (says === undefined ? [] : [`${all[i].text}: ${says}`]))).toEqual([]);
    expect(all.filter(({ key, text }) => proposalRefusal(key, text, 2) !== undefined)).toEqual([]);
  });

  test('each says what it is made of', () => {
    const { stdout } = run('ipsec', ['algparse', '-fips=no', '-v2',
      `ike=${IkeProposal.of({ cipher: IpsecCipher.AES_256, integrity: IpsecIntegrity.SHA2_256, prf: IkePrf.SHA2_512, group: DhGroup.ECP_384 })}`]);
    expect(stdout).toContain('AES_CBC_256-HMAC_SHA2_256_128-HMAC_SHA2_512-DH20');
  });

  test('the named sets are taken, also in FIPS mode', () => {
    const sets: Proposals[] = [IkeProposal.FIPS, IkeProposal.CNSA].map((set) => ({ key: 'ike', version: 2, text: set.join(',') }));
    sets.push(...[EspProposal.FIPS, EspProposal.CNSA].map((set) => ({ key: 'esp' as const, version: 2 as const, text: set.join(',') })));
    for (const fips of ['no', 'yes'] as const) expect(algparse(sets, fips)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('FIPS mode takes everything but what the types say', () => {
    const all = [...ike, ...esp];
    const refused = algparse(all, 'yes').flatMap((says, i) => (says === undefined ? [] : [all[i].text]));
    expect(refused).toEqual(all.map(({ text }) => text).filter((text) => /chacha20|dh31/.test(text)));
  });
});
