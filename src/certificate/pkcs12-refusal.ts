/**
 * Why a PKCS#12 file is refused. The message is what follows the name of the file: "… has no MAC: …".
 *
 * A wrong password has a reason of its own, because a caller can try another.
 */
export class Pkcs12Refusal extends Error {
  public constructor(public readonly reason: 'password' | 'content', message: string) {
    super(message);
  }
}
