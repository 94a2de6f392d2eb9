import fc from 'fast-check';
import { LIBRESWAN_ALGORITHMS } from '../../src/openshift/libreswan-algorithms';
import { proposalRefusal } from '../../src/openshift/libreswan-proposals';
import { espProposals, ikeProposals } from '../../src/peer/strongswan-proposals';

test.each([
  ['aes256-sha2_256;modp2048', 'aes256-sha256-prfsha256-modp2048'],
  ['aes256-sha2_256;dh14+dh19', 'aes256-sha256-prfsha256-modp2048-ecp256'],
  ['aes_gcm256-sha2_512;dh20', 'aes256gcm16-prfsha512-ecp384'],
  ['AES_GCM_16_256-HMAC_SHA2_384-DH21', 'aes256gcm16-prfsha384-ecp521'],
  ['aes-128-sha1-modp3072', 'aes128-sha1-prfsha1-modp3072'],
  ['aes256-sha2_512-sha2_256;dh31', 'aes256-sha512-prfsha256-curve25519'],
  ['3des-sha1;modp1536', '3des-sha1-prfsha1-modp1536'],
  ['chacha20_poly1305-sha256;dh31', 'chacha20poly1305-prfsha256-curve25519'],
  ['camellia192-sha384;dh18', 'camellia192-sha384-prfsha384-modp8192'],
  ['aes128+aes256-sha2_256+sha2_512;dh14', 'aes128-aes256-sha256-sha512-prfsha256-prfsha512-modp2048'],
  [
    'aes_gcm128-sha2_256;dh19,aes128-sha2_256;dh19',
    'aes128gcm16-prfsha256-ecp256, aes128-sha256-prfsha256-ecp256',
  ],
  // What is left out is what libreswan offers itself.
  ['aes_gcm', 'aes256gcm16-aes128gcm16-prfsha512-prfsha256-modp2048-modp3072-modp4096-modp8192-ecp256-ecp384-ecp521-curve25519'],
  [
    'aes256',
    'aes256-sha512-sha256-prfsha512-prfsha256-modp2048-modp3072-modp4096-modp8192-ecp256-ecp384-ecp521-curve25519',
  ],
])('ike %s is %s', (libreswan, strongSwan) => {
  expect(ikeProposals(libreswan)).toBe(strongSwan);
});

test.each([
  // Without a group of its own it is renewed by that of IKE.
  ['aes_gcm256', 'aes256gcm16-modp2048-ecp256, aes256gcm16'],
  ['aes_gcm_12_128', 'aes128gcm12-modp2048-ecp256, aes128gcm12'],
  ['aes256-sha2_512,aes128', 'aes256-sha512-modp2048-ecp256, aes128-sha512-sha256-modp2048-ecp256, aes256-sha512, aes128-sha512-sha256'],
  ['aes256-sha2_512;dh19', 'aes256-sha512-ecp256'],
  ['aes_gcm256;dh20', 'aes256gcm16-ecp384'],
  ['aes_gcm256-none;modp2048', 'aes256gcm16-modp2048'],
  ['aes128-aes_xcbc;dh19', 'aes128-aesxcbc-ecp256'],
  ['null-sha2_256;dh19', 'null-sha256-ecp256'],
])('esp %s is %s', (libreswan, strongSwan) => {
  expect(espProposals(libreswan, 'aes256-sha2_256;modp2048+dh19')).toBe(strongSwan);
});

test('where nothing is said, strongSwan takes what libreswan offers by default, and its own', () => {
  const groups = 'modp2048-modp3072-modp4096-modp8192-ecp256-ecp384-ecp521-curve25519';
  expect(espProposals(undefined, undefined)).toBe([
    `aes256gcm16-${groups}`, `aes128gcm16-${groups}`, `aes256-sha512-sha256-${groups}`, `aes128-sha512-sha256-${groups}`,
    'aes256gcm16', 'aes128gcm16', 'aes256-sha512-sha256', 'aes128-sha512-sha256', 'default',
  ].join(', '));
});

test('an algorithm that strongSwan has not is refused by its name', () => {
  expect(() => espProposals('aes128-hmac_sha2_256_truncbug', undefined)).toThrow(
    "strongSwan has no word for the integrity algorithm 'hmac_sha2_256_truncbug': name another one in 'ike' or 'esp'",
  );
});

const nameOf = (kind: keyof typeof LIBRESWAN_ALGORITHMS) => fc.constantFrom(...LIBRESWAN_ALGORITHMS[kind].flatMap(({ names }) => names));

test('whatever libreswan takes becomes words that strongSwan can have', () => {
  const proposal = fc.tuple(nameOf('encryption'), fc.constantFrom('', '128', '256'), nameOf('integrity'), nameOf('DH'))
    .map(([encryption, bits, integrity, dh]) => `${encryption}${bits}-${integrity};${dh}`);
  fc.assert(fc.property(fc.constantFrom('ike' as const, 'esp' as const), proposal, (key, text) => {
    fc.pre(proposalRefusal(key, text, 2) === undefined);
    expect(key === 'ike' ? ikeProposals(text) : espProposals(text, undefined)).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+|, [a-z0-9]+)*$/);
  }), { numRuns: 500 });
});
