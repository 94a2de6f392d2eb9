/** What an algorithm in an `ike` or `esp` proposal is for, in the words of libreswan's messages. */
export type AlgorithmKind = 'encryption' | 'PRF' | 'integrity' | 'DH';

/** The versions of IKE. */
export type IkeVersion = 1 | 2;

/** One algorithm that libreswan has. */
export interface LibreswanAlgorithm {
  /** Its name in messages. */
  readonly name: string;
  /** What it can be called in a proposal, in lower case; libreswan does not tell capitals apart. */
  readonly names: readonly string[];
  /** The IKE versions that can protect their own exchanges with it. */
  readonly ike: readonly IkeVersion[];
  /** The IKE versions that can ask for it in ESP; for DH, in the exchange that renews a key. */
  readonly esp: readonly IkeVersion[];
  /** IKE has a number for it, and libreswan no code to run it in IKE. */
  readonly kernelOnly?: true;
  /** The lengths of its key in bits, where there is a choice and a proposal can name one. */
  readonly keys?: readonly number[];
  /** Whether it checks integrity itself. */
  readonly aead?: true;
}

const BOTH: readonly IkeVersion[] = [1, 2];
const V1: readonly IkeVersion[] = [1];
const V2: readonly IkeVersion[] = [2];
const NONE: readonly IkeVersion[] = [];
const AES = [128, 192, 256];

function algorithm(
  name: string, names: string, ike: readonly IkeVersion[], esp: readonly IkeVersion[], more: Partial<LibreswanAlgorithm> = {},
): LibreswanAlgorithm {
  return { name, names: names.split(' '), ike, esp, ...more };
}

/**
 * What libreswan can do, as `ipsec algparse -v` of 4.10 and 5.2 lists it (Debian's packages, FIPS mode off); the two list
 * the same. In FIPS mode they take less.
 */
export const LIBRESWAN_ALGORITHMS: { readonly [kind in AlgorithmKind]: readonly LibreswanAlgorithm[] } = {
  encryption: [
    algorithm('AES_CCM_16', 'aes_ccm aes_ccm_16 aes_ccm_c', V2, BOTH, { keys: AES, aead: true, kernelOnly: true }),
    algorithm('AES_CCM_12', 'aes_ccm_12 aes_ccm_b', V2, BOTH, { keys: AES, aead: true, kernelOnly: true }),
    algorithm('AES_CCM_8', 'aes_ccm_8 aes_ccm_a', V2, BOTH, { keys: AES, aead: true, kernelOnly: true }),
    algorithm('3DES_CBC', '3des 3des_cbc', BOTH, BOTH),
    algorithm('CAMELLIA_CTR', 'camellia_ctr', BOTH, BOTH, { keys: AES, kernelOnly: true }),
    algorithm('CAMELLIA_CBC', 'camellia camellia_cbc', BOTH, BOTH, { keys: AES }),
    algorithm('AES_GCM_16', 'aes_gcm aes_gcm_16 aes_gcm_c', V2, BOTH, { keys: AES, aead: true }),
    algorithm('AES_GCM_12', 'aes_gcm_12 aes_gcm_b', V2, BOTH, { keys: AES, aead: true }),
    algorithm('AES_GCM_8', 'aes_gcm_8 aes_gcm_a', V2, BOTH, { keys: AES, aead: true }),
    algorithm('AES_CTR', 'aesctr aes_ctr', BOTH, BOTH, { keys: AES }),
    algorithm('AES_CBC', 'aes aes_cbc', BOTH, BOTH, { keys: AES }),
    algorithm('NULL_AUTH_AES_GMAC', 'null_auth_aes_gmac aes_gmac', V2, BOTH, { keys: AES, aead: true, kernelOnly: true }),
    algorithm('NULL', 'null', V2, BOTH, { kernelOnly: true }),
    algorithm('CHACHA20_POLY1305', 'chacha20_poly1305 chacha20poly1305', V2, V2, { aead: true }),
  ],
  PRF: [
    algorithm('HMAC_MD5', 'md5 hmac_md5', BOTH, NONE),
    algorithm('HMAC_SHA1', 'sha sha1 hmac_sha1', BOTH, NONE),
    algorithm('HMAC_SHA2_256', 'sha2 sha256 sha2_256 hmac_sha2_256', BOTH, NONE),
    algorithm('HMAC_SHA2_384', 'sha384 sha2_384 hmac_sha2_384', BOTH, NONE),
    algorithm('HMAC_SHA2_512', 'sha512 sha2_512 hmac_sha2_512', BOTH, NONE),
    algorithm('AES_XCBC', 'aes128_xcbc aes_xcbc', V2, NONE),
  ],
  integrity: [
    algorithm('HMAC_MD5_96', 'md5 hmac_md5 hmac_md5_96', BOTH, BOTH),
    algorithm('HMAC_SHA1_96', 'sha sha1 sha1_96 hmac_sha1 hmac_sha1_96', BOTH, BOTH),
    algorithm('HMAC_SHA2_512_256', 'sha512 sha2_512 sha2_512_256 hmac_sha2_512 hmac_sha2_512_256', BOTH, BOTH),
    algorithm('HMAC_SHA2_384_192', 'sha384 sha2_384 sha2_384_192 hmac_sha2_384 hmac_sha2_384_192', BOTH, BOTH),
    algorithm('HMAC_SHA2_256_128', 'sha2 sha256 sha2_256 sha2_256_128 hmac_sha2_256 hmac_sha2_256_128', BOTH, BOTH),
    algorithm('HMAC_SHA2_256_TRUNCBUG', 'hmac_sha2_256_truncbug', NONE, V1),
    algorithm('AES_XCBC_96', 'aes_xcbc aes128_xcbc aes_xcbc_96 aes128_xcbc_96', V2, BOTH),
    algorithm('AES_CMAC_96', 'aes_cmac aes_cmac_96', V2, BOTH, { kernelOnly: true }),
    algorithm('NONE', 'none null', V2, BOTH),
  ],
  DH: [
    algorithm('NONE', 'none null dh0', V2, V2),
    algorithm('MODP1536', 'modp1536 dh5', BOTH, BOTH),
    algorithm('MODP2048', 'modp2048 dh14', BOTH, BOTH),
    algorithm('MODP3072', 'modp3072 dh15', BOTH, BOTH),
    algorithm('MODP4096', 'modp4096 dh16', BOTH, BOTH),
    algorithm('MODP6144', 'modp6144 dh17', BOTH, BOTH),
    algorithm('MODP8192', 'modp8192 dh18', BOTH, BOTH),
    algorithm('DH19', 'dh19 ecp_256 ecp256', BOTH, V2),
    algorithm('DH20', 'dh20 ecp_384 ecp384', BOTH, V2),
    algorithm('DH21', 'dh21 ecp_521 ecp521', BOTH, V2),
    algorithm('DH31', 'dh31 curve25519', BOTH, V2),
  ],
};

/**
 * Algorithms that libreswan has a number for and that its packages are built without: "not supported" in its words, where
 * it calls others "not recognized".
 */
export const LIBRESWAN_LEFT_OUT: { readonly [kind in AlgorithmKind]: readonly string[] } = {
  encryption: ['3idea', 'blowfish', 'cast', 'des', 'idea', 'mars', 'serpent', 'twofish'],
  PRF: ['aes128_cmac', 'tiger'],
  integrity: ['aes_128_gmac', 'aes_192_gmac', 'aes_256_gmac', 'des_mac', 'hmac_md5_128', 'hmac_ripemd', 'hmac_sha1_160', 'kpdk_md5'],
  DH: ['modp768', 'modp1024', 'dh22', 'dh23', 'dh24', 'curve448', 'ecp_192', 'ecp_224',
    'brainpool_p224r1', 'brainpool_p256r1', 'brainpool_p384r1', 'brainpool_p512r1'],
};
