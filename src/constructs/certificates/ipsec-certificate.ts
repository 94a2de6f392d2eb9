import { InputError } from '../../core/input-error';
import { requireKind, TEXT } from '../../core/kinds';
import { isReservedName } from '../../openshift/reserved-nickname';

/** A certificate that stands in the NSS database of the nodes under a nickname. */
export interface IIpsecCertificate {
  /** The certificate's nickname in the NSS database, which `leftcert` names. */
  readonly nickname: string;
}

/**
 * Certificates that other means bring to the nodes.
 *
 * `CertImportMachineConfig` is a certificate itself; this is for those that cert-manager, a DaemonSet or a person imports.
 */
export class IpsecCertificate {
  /**
   * The certificate that the nodes have under a nickname already.
   *
   * @param nickname as `certutil -L -d sql:/var/lib/ipsec/nss` prints it on the node
   * @throws when NetworkManager-libreswan refuses the nickname, or it is reserved for traffic between pods
   * @see https://libreswan.org/wiki/HOWTO:_Using_NSS_with_libreswan
   */
  public static fromNickname(nickname: string): IIpsecCertificate {
    requireKind('nickname', nickname, TEXT);
    if (!/^[ !#-~]+$/.test(nickname) || nickname.trim() !== nickname) {
      throw new InputError(
        `nickname (${JSON.stringify(nickname)}) must be printable ASCII without '"' and without white space at its ends: `
          + 'NetworkManager-libreswan refuses any other',
      );
    }
    if (isReservedName(nickname)) {
      throw new InputError(
        `nickname '${nickname}' begins with 'ovs_', which is reserved for the certificates that the cluster makes `
          + 'for traffic between pods: '
          + 'import the certificate under another nickname',
      );
    }
    return { nickname };
  }

  private constructor() {}
}
