import * as fc from 'fast-check';
import { IkeVersion, LIBRESWAN_ALGORITHMS, LIBRESWAN_LEFT_OUT } from '../../src/openshift/libreswan-algorithms';
import { ProposalKey } from '../../src/openshift/libreswan-proposals';

/** A text of `ike` or `esp`, and the IKE version that reads it. */
export interface Proposals {
  readonly key: ProposalKey;
  readonly version: IkeVersion;
  readonly text: string;
}

const names = (kind: keyof typeof LIBRESWAN_ALGORITHMS) => LIBRESWAN_ALGORITHMS[kind].flatMap((one) => one.names);
const word = (kind: keyof typeof LIBRESWAN_ALGORITHMS, ...wrong: string[]) => fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...names(kind)) },
  { weight: 1, arbitrary: fc.constantFrom(...LIBRESWAN_LEFT_OUT[kind], ...wrong) },
);
const FOREIGN = ['aes256gcm16', 'aes256gcm', 'aes256ctr', 'aes-256-cbc', 'aes-256-gcm', 'aes512', 'aria256', 'none', ''];
const LENGTHS = ['128', '192', '256', '256', '256', '0', '64', '512', '2147483647', '256x'];
const encryption = fc.oneof(
  { weight: 4, arbitrary: word('encryption', ...FOREIGN) },
  {
    weight: 4,
    arbitrary: fc.tuple(word('encryption'), fc.constantFrom('', '', '_', '-'), fc.constantFrom(...LENGTHS)).map((parts) => parts.join('')),
  },
  { weight: 3, arbitrary: fc.constantFrom('aes', 'aes256', 'AES128', 'Aes_Gcm256', 'aes_gcm', 'aes_gcm_16_256') },
);
const integrity = word('integrity', 'sha-256', 'sha256_96', 'prfsha256', 'aesxcbc', 'ripemd', 'sha2_224', '');
const prf = word('PRF', 'prfsha256', 'prfsha384', 'identity', 'none', '');
const dh = word('DH', 'modp_2048', 'x25519', 'ecp192', 'ecp256bp', 'dh1', 'dh2', 'dh25', 'dh32', 'secp256r1', 'MODP2048', 'none', '');
const some = (one: fc.Arbitrary<string>) => fc.oneof(
  { weight: 5, arbitrary: one },
  { weight: 1, arbitrary: fc.array(one, { minLength: 2, maxLength: 3 }).map((all) => all.join('+')) },
);
const maybe = (one: fc.Arbitrary<string>) => fc.oneof({ weight: 2, arbitrary: one }, { weight: 3, arbitrary: fc.constant('') });

const proposal = fc.tuple(
  some(encryption),
  maybe(some(integrity).map((text) => `-${text}`)),
  maybe(some(prf).map((text) => `-${text}`)),
  maybe(fc.tuple(fc.constantFrom('-', ';', ';'), some(dh)).map((parts) => parts.join(''))),
).map((parts) => parts.join(''));

/** A character more, where somebody's finger slipped. */
const slipped = fc.tuple(proposal, fc.nat(), fc.constantFrom(...'-;+,_!09.x'))
  .map(([text, at, character]) => `${text.slice(0, at % (text.length + 1))}${character}${text.slice(at % (text.length + 1))}`);

/** What libreswan's grammar makes, right and with faults put in on purpose. */
export const proposals: fc.Arbitrary<Proposals> = fc.record({
  key: fc.constantFrom<ProposalKey>('ike', 'esp'),
  version: fc.constantFrom<IkeVersion>(1, 2, 2),
  text: fc.oneof(
    { weight: 6, arbitrary: proposal },
    { weight: 2, arbitrary: fc.array(proposal, { minLength: 2, maxLength: 4 }).map((all) => all.join(',')) },
    { weight: 1, arbitrary: slipped },
  ),
});

/** The same for each run, so that a recorded answer stays the answer. */
export function manyProposals(count: number): Proposals[] {
  return fc.sample(proposals, { numRuns: count, seed: 20261125 });
}

/**
 * libreswan calls what it lacks "not recognized", "not supported" or "not supported by IKEv1", by its version and by the
 * tables of numbers that it was built with: one meaning, and nobody acts on the difference.
 */
export function meaning(says: string | undefined): string | undefined {
  return says?.replace(/ is not (?:recognized|supported(?: by IKEv1)?)$/, ' is unknown');
}
