import { readFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { meaning, proposals } from './proposals';
import { ikeVersionsOf, proposalProblem } from '../../src/openshift/libreswan-proposal-problem';
import { ProposalKey, proposalRefusal } from '../../src/openshift/libreswan-proposals';

/** `ipsec algparse -fips=no -pfs=yes` of libreswan 5.2 (Debian's 5.2-2.2), one row an answer: key, IKE version, text, error or nothing. */
const recorded = readFileSync(join(__dirname, 'libreswan-5.2-answers.tsv'), 'utf8').trimEnd().split('\n').map((row) => row.split('\t'));

describe('the reader of proposals', () => {
  test('says what libreswan 5.2 said, of texts right and wrong', () => {
    expect(recorded.filter(([, , , says]) => says === '').length).toBeGreaterThanOrEqual(100);
    expect(recorded.length).toBeGreaterThanOrEqual(500);
    const differing = recorded.filter(([key, version, text, says]) => (
      meaning(proposalRefusal(key as ProposalKey, text, Number(version) as 1 | 2)) !== meaning(says === '' ? undefined : says)));
    expect(differing).toEqual([]);
  });

  test('what it advises to write is what libreswan takes', () => {
    fc.assert(fc.property(proposals, ({ key, text, version }) => {
      const meant = /^write '(.*)' if that is meant$/.exec(proposalProblem(key, text, [version])?.advice ?? '')?.[1];
      return meant === undefined || proposalRefusal(key, meant, version) === undefined;
    }), { numRuns: 2000 });
  });

  test('it has an answer to any text, in time that grows with its length alone', () => {
    fc.assert(fc.property(fc.constantFrom<ProposalKey>('ike', 'esp'), fc.string(), fc.constantFrom<1 | 2>(1, 2), (key, text, version) => {
      const says = proposalRefusal(key, text, version);
      return says === undefined || says.length > 0;
    }));
    const long = `${'aes256+'.repeat(100_000)}aes256`;
    expect(proposalRefusal('esp', long, 2)).toBeUndefined();
    expect(proposalRefusal('ike', 'x'.repeat(1_000_000), 2)).toBe(`IKE encryption algorithm '${'x'.repeat(77)}…' is not recognized`);
    expect(proposalRefusal('ike', `${'1'.repeat(1_000_000)}x`, 2))
      .toBe(`IKE encryption algorithm '${'1'.repeat(77)}…' is not recognized`);
    expect(proposalProblem('ike', '-'.repeat(1_000_000), [1, 2])!.says).toBe('IKE encryption algorithm is empty');
  });
});

describe("other programs' spellings", () => {
  test.each<[program: string, key: ProposalKey, theirs: string, ours: string]>([
    ['strongSwan', 'ike', 'aes256gcm16-prfsha384-ecp384', 'aes_gcm256-sha384-ecp384'],
    ['strongSwan', 'ike', 'aes256-sha256-modp2048!', 'aes256-sha256-modp2048'],
    ['strongSwan', 'ike', 'aes256-sha256-prfsha256-x25519', 'aes256-sha256-dh31'],
    ['strongSwan', 'ike', 'aes128gcm8-prfsha256-ecp256', 'aes_gcm_8_128-sha256-ecp256'],
    ['strongSwan', 'ike', 'aes256-aesxcbc-modp2048', 'aes256-aes_xcbc-modp2048'],
    ['strongSwan', 'esp', 'aes256gcm16', 'aes_gcm256'],
    ['strongSwan', 'esp', 'aes256gcm128-ecp384', 'aes_gcm256;ecp384'],
    ['strongSwan', 'esp', 'aes128ctr-sha256-esn', 'aes_ctr128-sha256'],
    ['strongSwan', 'esp', 'aes256gcm16-modp2048,aes128gcm16-modp2048', 'aes_gcm256;modp2048,aes_gcm128;modp2048'],
    ['OpenSSL', 'ike', 'aes-256-cbc', 'aes256'],
    ['OpenSSL', 'ike', 'AES-256-GCM', 'aes_gcm256'],
    ['OpenSSL', 'esp', 'AES-128-CBC-HMAC-SHA-256', 'aes128-sha2_256'],
    ['OpenSSL', 'ike', 'aes-256-cbc-sha-256-prime256v1', 'aes256-sha2_256-dh19'],
    ['a router', 'ike', 'aes-256-sha-256;group14', 'aes-256-sha2_256;dh14'],
    ['an AEAD algorithm with integrity', 'esp', 'aes_gcm256-sha2_256', 'aes_gcm256'],
  ])('%s: %s=%s', (_, key, theirs, ours) => {
    expect(proposalProblem(key, theirs, [2])!.advice).toBe(`write '${ours}' if that is meant`);
  });

  test.each<[key: ProposalKey, text: string, says: string, advice: string]>([
    ['ike', 'aes256-sha1;modp1024', "IKE DH algorithm 'modp1024' is not supported",
      'that group is too weak, and libreswan is built without it: agree with the peer on modp2048 (dh14), dh19 or a stronger one'],
    ['ike', 'aes256-sha1;dh2', "IKE DH algorithm 'dh2' is not recognized",
      'that group is too weak, and libreswan is built without it: agree with the peer on modp2048 (dh14), dh19 or a stronger one'],
    ['esp', 'aes256;dh19,aes128;dh20', 'more than one IKEv2 ESP DH algorithm (DH19, DH20) requires unimplemented CHILD_SA INVALID_KE',
      'name the same DH group in each proposal of esp, or none'],
    ['esp', 'aes256-none', "non-AEAD ESP encryption algorithm AES_CBC cannot have 'NONE' as the integrity algorithm",
      'name an integrity algorithm such as sha2_256'],
    ['esp', 'aes256+aes_gcm256', 'AEAD and non-AEAD ESP encryption algorithm cannot be combined',
      "put a comma between them instead of '+': each is a proposal of its own then"],
    ['ike', 'aes512', 'IKE encryption algorithm AES_CBC with key length 512 invalid; valid key lengths: 128, 192, 256',
      'an AES key has 128, 192 or 256 bits'],
    ['ike', 'aes256-sha2,', 'IKE encryption algorithm is empty', "take out what separates nothing: a ',', '-', ';' or '+' too many"],
    ['ike', 'best', "IKE encryption algorithm 'best' is not recognized",
      "write libreswan's names, as in aes256-sha2_256;dh19 or aes_gcm256-sha2_512;modp2048 for ike, "
      + 'and aes_gcm256 or aes256-sha2_512 for esp'],
  ])('no spelling: %s=%s', (key, text, says, advice) => {
    expect(proposalProblem(key, text, [2])).toEqual({
      problem: `is refused by libreswan, which does not add the connection: ${says}`,
      says,
      advice,
    });
  });
});

describe('the IKE version that reads a proposal', () => {
  test.each<[ikev2: unknown, filledIn: boolean, versions: number[]]>([
    ['insist', true, [2]], ['yes', true, [2]], ['propose', true, [2]], ['no', true, [1]], ['never', true, [1]],
    [undefined, true, [1]], [undefined, false, [2]],
    ['{{ .ikev2 }}', true, [1, 2]], [true, true, [1, 2]],
  ])('ikev2 %s, filled in %s: %s', (ikev2, filledIn, versions) => {
    expect(ikeVersionsOf(ikev2, filledIn)).toEqual(versions);
  });

  test('is said where it is what is wrong', () => {
    expect(proposalProblem('ike', 'aes_gcm256', [1])).toMatchObject({
      says: "IKE encryption algorithm 'aes_gcm256' is not supported by IKEv1",
      advice: "IKEv1 lacks it: write ikev2 'insist', or use aes256-sha2_256;modp2048 with a peer that speaks IKEv1 only",
    });
    expect(proposalProblem('ike', 'aes_gcm256', [1, 2])).toBeUndefined();
  });
});

test('an additional key exchange is judged where the release is known to lack it', () => {
  const text = 'aes_gcm256-sha2_512;dh19;addke1=ml_kem_768';
  expect(proposalProblem('ike', text, [2])).toBeUndefined();
  expect(proposalProblem('ike', text, [2], true)).toMatchObject({
    says: "IKE proposal contains unexpected 'addke1=ml_kem_768'",
    advice: 'no libreswan of OpenShift up to 4.21 knows additional key exchanges such as ML-KEM, which need one newer than 5.3, '
      + 'and NSS 3.118.1: leave them out until the nodes have both',
  });
});
