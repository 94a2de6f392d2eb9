import { IkeVersion } from './libreswan-algorithms';
import { ProposalKey, proposalRefusal } from './libreswan-proposals';
import type { VersionFloor } from './openshift-version';

/** Why libreswan does not add a connection for its `ike` or `esp`, and what to do about it. */
export interface ProposalProblem {
  /** The end of a sentence that begins with key and value. */
  readonly problem: string;
  /** libreswan's own words in it. */
  readonly says: string;
  /** What to do, as the end of a sentence. */
  readonly advice: string;
}

/**
 * The IKE versions that a connection can speak, as its proposals are read by them: libreswan takes `insist`, `yes` and
 * `propose` for IKEv2, and NetworkManager-libreswan writes `never` where nothing is given. Both where it is not known.
 */
export function ikeVersionsOf(ikev2: unknown, filledIn: boolean): readonly IkeVersion[] {
  if (ikev2 === undefined) return filledIn ? [1] : [2];
  if (ikev2 === 'insist' || ikev2 === 'yes' || ikev2 === 'propose') return [2];
  return ikev2 === 'no' || ikev2 === 'never' ? [1] : [1, 2];
}

const remembered = new Map<string, ProposalProblem | undefined>();
const MOST_REMEMBERED = 1000;
const LONGEST_REMEMBERED = 500;

/** The problem that every IKE version of the connection has with a text; sets repeat a few texts, so that each is read once. */
export function proposalProblem(
  key: ProposalKey, text: string, versions: readonly IkeVersion[], lacksAdditionalKeyExchanges = false,
): ProposalProblem | undefined {
  const known = lacksAdditionalKeyExchanges ? text : withoutAdditionalKeyExchanges(text);
  if (known.length > LONGEST_REMEMBERED) return judged(key, known, versions);
  const id = `${key} ${versions.join()} ${known}`;
  if (!remembered.has(id)) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(id, judged(key, known, versions));
  }
  return remembered.get(id);
}

/**
 * Releases whose libreswan reads additional key exchanges. 5.3, which 4.22 has, does not as it was released (libreswan#2429 came after
 * it), and they need NSS 3.118.1 (libreswan#2581); a patch level of 4.22 may bring both.
 */
export const ADDITIONAL_KEY_EXCHANGES: VersionFloor = ['4.22.x'];

/** The first algorithm of ESP proposals that proves where packets are from, and leaves what is in them readable. */
export function algorithmWithoutEncryption(esp: string): string | undefined {
  return esp.toLowerCase().split(',').flatMap((proposal) => proposal.split(/[-;]/)[0].split('+'))
    .find((name) => /^(?:null|(?:null_auth_)?aes_gmac(?:_?\d+)?)$/.test(name));
}

/** Whether a proposal names additional key exchanges. */
export function hasAdditionalKeyExchange(text: string): boolean {
  return withoutAdditionalKeyExchanges(text) !== text;
}

/** A newer libreswan has more key exchanges (`;addke1=ml_kem_768`), which 5.2, whose reading this is, lacks. */
function withoutAdditionalKeyExchanges(text: string): string {
  return text.includes('addke') ? text.replace(/;addke[1-7]=[\w+]+/g, '') : text;
}

function judged(key: ProposalKey, text: string, versions: readonly IkeVersion[]): ProposalProblem | undefined {
  const refusals = versions.map((version) => proposalRefusal(key, text, version));
  if (refusals.some((says) => says === undefined)) return undefined;
  const says = refusals[refusals.length - 1]!;
  const problem = `is refused by libreswan, which does not add the connection: ${says}`;
  const version = versions[versions.length - 1];
  const meant = inLibreswansSpelling(key, text);
  if (meant !== text && proposalRefusal(key, meant, version) === undefined) {
    return { problem, says, advice: `write '${meant}' if that is meant` };
  }
  return { problem, says, advice: ADVICE.find(([pattern]) => pattern.test(says))?.[1] ?? NAMES };
}

const NAMES = "write libreswan's names, as in aes256-sha2_256;dh19 or aes_gcm256-sha2_512;modp2048 for ike, "
  + 'and aes_gcm256 or aes256-sha2_512 for esp';

/** What helps where another spelling does not. */
const ADVICE: readonly (readonly [says: RegExp, advice: string])[] = [
  [/DH algorithm '(?:modp(?:768|1024)|dh(?:1|2|22|23|24))'/i,
    'that group is too weak, and libreswan is built without it: agree with the peer on modp2048 (dh14), dh19 or a stronger one'],
  [/should specify DH$|^more than one /, 'name the same DH group in each proposal of esp, or none'],
  [/cannot have 'NONE'/, 'name an integrity algorithm such as sha2_256'],
  [/cannot be combined$/, "put a comma between them instead of '+': each is a proposal of its own then"],
  [/'addke/, 'no libreswan of OpenShift up to 4.21 knows additional key exchanges such as ML-KEM, which need one newer than 5.3, and NSS 3.118.1: '
    + 'leave them out until the nodes have both'],
  [/key length/, 'an AES key has 128, 192 or 256 bits'],
  [/ is empty$|algorithm '' /, "take out what separates nothing: a ',', '-', ';' or '+' too many"],
  [/supported by IKEv1/, "IKEv1 lacks it: write ikev2 'insist', or use aes256-sha2_256;modp2048 with a peer that speaks IKEv1 only"],
];

const AEAD = '(?:aes_[gc]cm[_a-c0-9]*|chacha20_?poly1305)';

/**
 * Other people's spellings, in the order in which they are undone.
 *
 * strongSwan: https://docs.strongswan.org/docs/latest/config/proposals.html; OpenSSL: `openssl list -cipher-algorithms`;
 * Cisco and Juniper say `group14`.
 */
const SPELLINGS: readonly (readonly [theirs: RegExp, ours: string])[] = [
  [/!$/, ''],
  [/-(?:no)?esn(?=-|$)/g, ''],
  [/\baes-?(128|192|256)-cbc\b/g, 'aes$1'],
  [/\baes-?(128|192|256)-?(gcm|ccm|ctr)(?:16|128)?\b/g, 'aes_$2$1'],
  [/\baes(128|192|256)(gcm|ccm)(8|12)\b/g, 'aes_$2_$3_$1'],
  [/\baes-(gcm|ccm|ctr)-?(128|192|256)?\b/g, 'aes_$1$2'],
  [/\bcamellia(128|192|256)ctr\b/g, 'camellia_ctr$1'],
  [/\b(?:hmac-?)?sha2?-(256|384|512)\b/g, 'sha2_$1'],
  [/\b(?:hmac-?)?sha-1\b/g, 'sha1'],
  [/-(sha(?:1|256|384|512))-prf\1\b/g, '-$1'],
  [/\bprf(sha1|sha256|sha384|sha512|md5)\b/g, '$1'],
  [/\b(?:prf)?aesxcbc\b/g, 'aes_xcbc'],
  [/\baescmac\b/g, 'aes_cmac'],
  [/\b(?:x25519|curve-?25519)\b/g, 'dh31'],
  [/\b(?:secp256r1|prime256v1|p-256)\b/g, 'dh19'],
  [/\b(?:secp384r1|p-384)\b/g, 'dh20'],
  [/\b(?:secp521r1|p-521)\b/g, 'dh21'],
  [/\b(?:dh-?)?group-?(\d+)\b/g, 'dh$1'],
  [/\bmodp[-_](\d+)\b/g, 'modp$1'],
];

/** ESP with an AEAD algorithm has no integrity algorithm besides, and its DH group follows a `;` then. */
const ESP_SPELLINGS: readonly (readonly [theirs: RegExp, ours: string])[] = [
  [new RegExp(`(^|,)(${AEAD})-(?:sha\\w*|md5|hmac_\\w+|aes_xcbc\\w*|aes_cmac\\w*)`, 'g'), '$1$2'],
  [new RegExp(`(^|,)(${AEAD})-(modp\\d+|dh\\d+|ecp_?\\d+|curve25519)`, 'g'), '$1$2;$3'],
];

function inLibreswansSpelling(key: ProposalKey, text: string): string {
  if (text.length > 200) return text;
  const spellings = key === 'esp' ? [...SPELLINGS, ...ESP_SPELLINGS] : SPELLINGS;
  return spellings.reduce((meant, [theirs, ours]) => meant.replace(theirs, ours), text.toLowerCase());
}
