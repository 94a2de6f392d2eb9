import { InputError } from '../core/input-error';
import { AlgorithmKind, LIBRESWAN_ALGORITHMS } from '../openshift/libreswan-algorithms';

/**
 * strongSwan's keywords by libreswan's names of algorithms; `%` stands for the length of the key. What is missing, strongSwan has not.
 *
 * @see https://docs.strongswan.org/docs/5.9/config/proposals.html
 */
const KEYWORDS: { readonly [kind in AlgorithmKind]: { readonly [name: string]: string } } = {
  encryption: {
    '3DES_CBC': '3des',
    'AES_CBC': 'aes%',
    'AES_CCM_12': 'aes%ccm12',
    'AES_CCM_16': 'aes%ccm16',
    'AES_CCM_8': 'aes%ccm8',
    'AES_CTR': 'aes%ctr',
    'AES_GCM_12': 'aes%gcm12',
    'AES_GCM_16': 'aes%gcm16',
    'AES_GCM_8': 'aes%gcm8',
    'CAMELLIA_CBC': 'camellia%',
    'CAMELLIA_CTR': 'camellia%ctr',
    'CHACHA20_POLY1305': 'chacha20poly1305',
    'NULL': 'null',
    'NULL_AUTH_AES_GMAC': 'aes%gmac',
  },
  PRF: {
    AES_XCBC: 'prfaesxcbc',
    HMAC_MD5: 'prfmd5',
    HMAC_SHA1: 'prfsha1',
    HMAC_SHA2_256: 'prfsha256',
    HMAC_SHA2_384: 'prfsha384',
    HMAC_SHA2_512: 'prfsha512',
  },
  integrity: {
    AES_CMAC_96: 'aescmac',
    AES_XCBC_96: 'aesxcbc',
    HMAC_MD5_96: 'md5',
    HMAC_SHA1_96: 'sha1',
    HMAC_SHA2_256_128: 'sha256',
    HMAC_SHA2_384_192: 'sha384',
    HMAC_SHA2_512_256: 'sha512',
    NONE: '',
  },
  DH: {
    DH19: 'ecp256',
    DH20: 'ecp384',
    DH21: 'ecp521',
    DH31: 'curve25519',
    MODP1536: 'modp1536',
    MODP2048: 'modp2048',
    MODP3072: 'modp3072',
    MODP4096: 'modp4096',
    MODP6144: 'modp6144',
    MODP8192: 'modp8192',
    NONE: '',
  },
};

/** What libreswan offers where a proposal leaves something out, in its order. */
const LEFT_OUT = {
  keys: ['256', '128'],
  PRF: ['prfsha512', 'prfsha256'],
  integrity: ['sha512', 'sha256'],
  DH: ['modp2048', 'modp3072', 'modp4096', 'modp8192', 'ecp256', 'ecp384', 'ecp521', 'curve25519'],
};

/** What libreswan offers for ESP where nothing is said. */
const ESP = 'aes_gcm256,aes_gcm128,aes256-sha2_512+sha2_256,aes128-sha2_512+sha2_256';

/** IKE proposals in libreswan's names as strongSwan writes them, with a comma between them. */
export function ikeProposals(ike: string): string {
  return ike.split(',').map((proposal) => written('ike', proposal)).join(', ');
}

/**
 * ESP proposals in libreswan's names as strongSwan writes them. Where they name no DH group, libreswan asks for the one of the IKE SA when
 * it makes a second tunnel under it or renews a key, and for none in the first; strongSwan has to be told of both.
 */
export function espProposals(esp: string | undefined, ike: string | undefined): string {
  const groups = ike === undefined ? LEFT_OUT.DH : [...new Set(ikeProposals(ike).split(/, |-/).filter((word) => /^(?:modp|ecp|curve)/.test(word)))];
  const proposals = (esp ?? ESP).split(',').map((proposal) => written('esp', proposal));
  const isRenewedByAnother = proposals.some((proposal) => /-(?:modp|ecp|curve)/.test(proposal));
  const all = isRenewedByAnother ? proposals : [...proposals.map((proposal) => `${proposal}-${groups.join('-')}`), ...proposals];
  return [...all, ...esp === undefined ? ['default'] : []].join(', ');
}

/** `<encryption>-<PRF>;<DH>` for IKE, where integrity may stand before the PRF, and `<encryption>-<integrity>;<DH>` for ESP. */
function written(key: 'ike' | 'esp', proposal: string): string {
  const words = proposal.split(/([-;+])/);
  const lists = listsOf(words);
  const [encryption, ...others] = lists.map(({ names }) => names);
  const groups = lists.find(({ isDh }) => isDh)?.names ?? (key === 'ike' ? others.find(allOf('DH')) : others.find(onlyDh));
  const middle = others.filter((names) => names !== groups);
  const ciphers = encryption.flatMap(cipherOf);
  const aead = encryption.every((name) => algorithm('encryption', split(name).name)?.aead);
  const dh = groups ? groups.map((name) => keyword('DH', name)) : key === 'ike' ? LEFT_OUT.DH : [];
  return [...ciphers, ...key === 'ike' ? checksOfIke(middle, aead) : checksOfEsp(middle, aead), ...dh].filter((word) => word !== '').join('-');
}

interface NameList { readonly names: string[]; readonly isDh: boolean }

/** Names with `+` between them belong together; what follows a `;` is a DH group. The length of a key may follow a `-`. */
function listsOf(words: readonly string[]): NameList[] {
  const lists: NameList[] = [{ names: [words[0]], isDh: false }];
  for (let i = 1; i < words.length; i += 2) {
    const [delimiter, word] = [words[i], words[i + 1]];
    const last = lists[lists.length - 1];
    if (delimiter === '+') last.names.push(word);
    else if (delimiter === '-' && /^\d+$/.test(word)) last.names[last.names.length - 1] += word;
    else lists.push({ names: [word], isDh: delimiter === ';' });
  }
  return lists;
}

/** IKE needs a PRF always, and a check of integrity where the cipher has none; the PRF stands for both. */
function checksOfIke(lists: readonly string[][], aead: boolean): string[] {
  if (lists.length > 1) {
    return [...lists[0].map((name) => keyword('integrity', name)), ...lists[1].map((name) => keyword('PRF', name))];
  }
  const isNothing = lists.length === 1 && lists[0].every((name) => algorithm('integrity', name)?.name === 'NONE');
  if (lists.length === 0 || isNothing) return aead ? LEFT_OUT.PRF : [...LEFT_OUT.integrity, ...LEFT_OUT.PRF];
  // What is the name of no PRF is one of integrity alone.
  const prfs = allOf('PRF')(lists[0]) ? lists[0].map((name) => keyword('PRF', name)) : LEFT_OUT.PRF;
  return aead ? prfs : [...lists[0].map((name) => keyword('integrity', name)), ...prfs];
}

function checksOfEsp(lists: readonly string[][], aead: boolean): string[] {
  if (lists.length > 0) return lists[0].map((name) => keyword('integrity', name));
  return aead ? [] : LEFT_OUT.integrity;
}

function cipherOf(text: string): string[] {
  const { name, length } = split(text);
  const word = keyword('encryption', name);
  if (!word.includes('%')) return [word];
  return (length === undefined ? LEFT_OUT.keys : [length]).map((each) => word.replace('%', each));
}

/** An encryption's name and the length of its key, which may end a name that has digits of its own. */
function split(text: string): { readonly name: string; readonly length?: string } {
  if (algorithm('encryption', text)) return { name: text };
  const [, name, length] = /^(.*?)_?(\d+)$/.exec(text) ?? [];
  return name === undefined ? { name: text } : { name, length };
}

function allOf(kind: AlgorithmKind): (names: readonly string[]) => boolean {
  return (names) => names.every((name) => algorithm(kind, name) !== undefined);
}

function onlyDh(names: readonly string[]): boolean {
  return allOf('DH')(names) && !allOf('integrity')(names);
}

function algorithm(kind: AlgorithmKind, name: string) {
  return LIBRESWAN_ALGORITHMS[kind].find(({ names }) => names.includes(name.toLowerCase()));
}

function keyword(kind: AlgorithmKind, name: string): string {
  const known = algorithm(kind, name);
  const word = known && KEYWORDS[kind][known.name];
  if (word === undefined) throw new InputError(`strongSwan has no word for the ${kind} algorithm '${name}': name another one in 'ike' or 'esp'`);
  return word;
}
