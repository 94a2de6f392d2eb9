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
  // Bytes that are no UTF-8 mean themselves: this is what OpenSSL does with a password in Latin-1.
  const asUtf8 = password.toString('utf8');
  const text = Buffer.from(asUtf8, 'utf8').equals(password) ? asUtf8 : password.toString('latin1');
  const encoded = { bmp: Buffer.from(`${text}\0`, 'utf16le').swap16(), utf8: password };
  return password.length === 0 ? [encoded, { bmp: Buffer.alloc(0), utf8: password }] : [encoded];
}
