/** A password in the encodings that the key derivations of PKCS#12 take. */
export interface EncodedPassword {
  /** UTF-16 with its two zero bytes, for the derivation of PKCS#12 itself (RFC 7292, appendix B). */
  readonly bmp: Buffer;
  /** For PBKDF2: OpenSSL and NSS (since 3.31) both give it the UTF-8 bytes. */
  readonly utf8: Buffer;
}

/**
 * The encodings to try, most likely first. Writers disagree on the empty password only: two zero bytes (OpenSSL, NSS)
 * or no bytes at all (old Windows and Java).
 */
export function encodings(password: Buffer): EncodedPassword[] {
  const encoded = { bmp: Buffer.from(`${password.toString('utf8')}\0`, 'utf16le').swap16(), utf8: password };
  return password.length === 0 ? [encoded, { bmp: Buffer.alloc(0), utf8: password }] : [encoded];
}
