import { InputError } from '../core/input-error';
import { requireKind, TEXT } from '../core/kinds';
import { withoutHubTemplates } from '../openshift/hub-template';
import { isDnsName, isIpv4, isIpv6 } from '../openshift/ip';
import { libreswanOption } from '../openshift/libreswan-options';
import { libreswanValueProblem } from '../openshift/libreswan-values';

/**
 * Whom the node accepts as the peer: `rightid`.
 *
 * The default is the peer's own name or address. The peer's certificate must hold it as a subject alternative name, and
 * the peer must state it as its own id (libreswan: `leftid=@storage.example.com` on the peer's side for a name, the bare
 * address for an address).
 *
 * @see https://libreswan.org/man/ipsec.conf.5.html
 */
export class PeerIdentity {
  /**
   * The subject of whatever certificate the peer shows (`%fromcert`), as the documented procedure has it.
   *
   * Any certificate of the CA is accepted as the peer then. It fits a CA that issues for this one peer alone.
   */
  public static fromCertificate(): PeerIdentity {
    return new PeerIdentity('%fromcert');
  }

  /**
   * An identity in libreswan's own form: `@name` for a DNS name, an IPv4 address, or `%fromcert`. A template of RHACM's hub may stand in
   * it, such as `@${RhacmTemplate.clusterLabel('storage')}`.
   *
   * @param rightid the value; one without `@` or `%` that is no address gets an `@` in front on the node, which is a warning (`libreswan-id-prefix`)
   * @throws when NetworkManager-libreswan refuses the text, or it is an IPv6 address
   */
  public static of(rightid: string): PeerIdentity {
    requireKind('rightid', rightid, TEXT);
    const problem = libreswanValueProblem(libreswanOption('rightid')!, withoutHubTemplates(rightid, 'x'));
    if (problem) {
      throw new InputError(
        `PeerIdentity.of ('${rightid}') ${problem}; a distinguished name can't be written here, use PeerIdentity.fromCertificate()`,
      );
    }
    if (isIpv6(rightid)) {
      throw new InputError(`PeerIdentity.of ('${rightid}') is an IPv6 address: OpenShift does not support IPv6 for IPsec through NMState`);
    }
    return new PeerIdentity(rightid);
  }

  /** @internal */
  public static _ofHost(host: string): PeerIdentity {
    return new PeerIdentity(isIpv4(host) || !isDnsName(host) ? host : `@${host}`);
  }

  private constructor(
    /** The value of `rightid`. */
    public readonly rightid: string,
  ) {}
}
