/** How IPsec encrypts. Every release of OpenShift that the library knows has all of them; a node in FIPS mode lacks ChaCha20. */
export enum IpsecCipher {
  /** AES-GCM with a key of 128 bits, which checks integrity itself. */
  AES_GCM_128 = 'aes_gcm128',
  /** AES-GCM with a key of 192 bits, which checks integrity itself. */
  AES_GCM_192 = 'aes_gcm192',
  /** AES-GCM with a key of 256 bits, which checks integrity itself. */
  AES_GCM_256 = 'aes_gcm256',
  /** AES-CBC with a key of 128 bits. */
  AES_128 = 'aes128',
  /** AES-CBC with a key of 192 bits. */
  AES_192 = 'aes192',
  /** AES-CBC with a key of 256 bits. */
  AES_256 = 'aes256',
  /** ChaCha20-Poly1305, which checks integrity itself; for IKEv2 only, and not in FIPS mode. */
  CHACHA20_POLY1305 = 'chacha20_poly1305',
}

/** What checks integrity. */
export enum IpsecIntegrity {
  /** HMAC-SHA-256, cut to 128 bits. */
  SHA2_256 = 'hmac_sha2_256_128',
  /** HMAC-SHA-384, cut to 192 bits. */
  SHA2_384 = 'hmac_sha2_384_192',
  /** HMAC-SHA-512, cut to 256 bits. */
  SHA2_512 = 'hmac_sha2_512_256',
}

/** What IKE derives its keys with. */
export enum IkePrf {
  /** HMAC-SHA-256. */
  SHA2_256 = 'sha2_256',
  /** HMAC-SHA-384. */
  SHA2_384 = 'sha2_384',
  /** HMAC-SHA-512. */
  SHA2_512 = 'sha2_512',
}

/** The Diffie-Hellman groups that keys are agreed on in. libreswan is built without those that are too weak (`modp1024`). */
export enum DhGroup {
  /** 2048 bits, group 14. */
  MODP_2048 = 'modp2048',
  /** 3072 bits, group 15. */
  MODP_3072 = 'modp3072',
  /** 4096 bits, group 16. */
  MODP_4096 = 'modp4096',
  /** 6144 bits, group 17. */
  MODP_6144 = 'modp6144',
  /** 8192 bits, group 18. */
  MODP_8192 = 'modp8192',
  /** NIST P-256, group 19. */
  ECP_256 = 'dh19',
  /** NIST P-384, group 20. */
  ECP_384 = 'dh20',
  /** NIST P-521, group 21. */
  ECP_521 = 'dh21',
  /** Curve25519, group 31; not in FIPS mode. */
  CURVE_25519 = 'dh31',
}

/** Whether a cipher checks integrity itself. */
export function checksIntegrity(cipher: IpsecCipher): boolean {
  return cipher.startsWith('aes_gcm') || cipher === IpsecCipher.CHACHA20_POLY1305;
}
