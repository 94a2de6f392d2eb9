import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { InputError } from '../../core/input-error';
import { instance, KindsOf, listOf, optional, requireKind, TEXT } from '../../core/kinds';
import { requireProps } from '../../core/props';
import { checkNodeAddresses } from '../../peer/guard-file';
import { sideOfConnection } from '../../peer/node-side';
import { checkFacts } from '../../peer/peer-connection';
import { defaultNames, isCertificateName, PEER_FORMATS } from '../../peer/peer-format';
import { peerHostOfAll } from '../../peer/peer-host';
import { ExternalIpsecEndpoint } from '../endpoint/external-ipsec-endpoint';

/** What no endpoint says of its peer. */
export interface PeerConfigurationProps {
  /**
   * More endpoints that lead to the same host, for one file with all of them. strongSwan needs them together: libreswan makes their
   * tunnels under one IKE SA, whose selectors strongSwan looks for in one connection alone.
   *
   * @default - none
   */
  readonly endpoints?: ExternalIpsecEndpoint[];

  /**
   * The IPv4 address by which the nodes reach the peer (`left`), on the peer itself.
   *
   * @default - `host` where that is an address, the one address of `remoteSubnet` for type transport, else the peer's address on its
   * default route
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly peerAddress?: string;

  /**
   * The id that the peer asks of the nodes (`rightid`), in libreswan's form: `@nodes.example.com`, or a distinguished name such as
   * `CN=nodes, O=Example`.
   *
   * @default - `leftid` of the endpoint; where that is `%fromcert`, any certificate of the CA
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly nodeIdentity?: string;

  /**
   * What the peer calls its certificate (`leftcert`): the nickname in its NSS database, or the name of its files in `/etc/swanctl`
   * without their ends.
   *
   * @default - `host`
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly certificateName?: string;

  /**
   * The IPv4 addresses of the nodes, or networks of nodes in CIDR notation, as the peer sees them; behind a NAT that is its address. `guard`
   * alone needs them.
   *
   * @default - `left` of the endpoints, and what lies behind the nodes (`localSubnet`)
   */
  readonly nodeAddresses?: string[];
}

/**
 * The configuration of the host at the other end of an endpoint: the same connection, seen from there.
 *
 * It holds no secret. Its comments say which certificate must hold which name, how to import it there, and where to look.
 *
 * @see https://libreswan.org/man/ipsec.conf.5.html
 * @see https://docs.strongswan.org/docs/5.9/swanctl/swanctlConf.html
 */
export class PeerConfiguration {
  /**
   * `ipsec.conf` for libreswan 4 and 5.
   *
   * @throws when the endpoint is absent, asks the peer for an address, or its peer can't be told what it wants
   */
  public static libreswan(endpoint: ExternalIpsecEndpoint, props: PeerConfigurationProps = {}): PeerConfiguration {
    return of('libreswan', endpoint, props);
  }

  /**
   * `swanctl.conf` for strongSwan 5.9 and 6.
   *
   * @throws when the endpoint is absent, asks the peer for an address, or its peer can't be told what it wants
   */
  public static strongSwan(endpoint: ExternalIpsecEndpoint, props: PeerConfigurationProps = {}): PeerConfiguration {
    return of('strongswan', endpoint, props);
  }

  /**
   * Tables in Markdown for people who set an appliance up by hand, with the names that AWS, NetApp and Cisco have for each value.
   * Appliances were not tried by us.
   *
   * @throws when the endpoint is absent, asks the peer for an address, or its peer can't be told what it wants
   */
  public static checklist(endpoint: ExternalIpsecEndpoint, props: PeerConfigurationProps = {}): PeerConfiguration {
    return of('checklist', endpoint, props);
  }

  /**
   * An nftables table for the peer: it drops what goes between the peer and the nodes while no security association carries it, as
   * `IpsecGuard` does on the nodes. It needs the addresses of the nodes: `nodeAddresses`, or `left` of the endpoints.
   *
   * @throws when the addresses of the nodes are not known, a connection protects certain ports alone, or for what the other forms refuse
   * @see https://www.netfilter.org/projects/nftables/manpage.html
   */
  public static guard(endpoint: ExternalIpsecEndpoint, props: PeerConfigurationProps = {}): PeerConfiguration {
    return of('guard', endpoint, props);
  }

  /** @internal */
  public static _of(fileName: string, content: string): PeerConfiguration {
    return new PeerConfiguration(fileName, content);
  }

  private constructor(
    /** The name of the file that `write` makes, after the host: `storage.example.com.ipsec.conf`. */
    public readonly fileName: string,
    private readonly content: string,
  ) {}

  /** The whole file. */
  public text(): string {
    return this.content;
  }

  /**
   * Writes the file into a folder, which is made where it does not exist.
   *
   * @returns the path of the file
   */
  public write(folder: string): string {
    requireKind('folder', folder, TEXT);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, this.fileName);
    writeFileSync(path, this.content);
    return path;
  }
}

function of(format: string, endpoint: ExternalIpsecEndpoint, props: PeerConfigurationProps): PeerConfiguration {
  requireKind('endpoint', endpoint, instance(ExternalIpsecEndpoint));
  requireProps('PeerConfiguration', props, KINDS);
  const { peerAddress, nodeIdentity, certificateName, nodeAddresses } = props;
  checkFacts({ peerAddress, nodeIdentity }, { peerAddress: "'peerAddress'", nodeIdentity: "'nodeIdentity'" });
  if (certificateName !== undefined && !isCertificateName(certificateName)) {
    throw new InputError(`'certificateName' ('${certificateName}') must be letters, digits, '.', '-' and '_', at most 100: it becomes a nickname and `
      + 'a part of file names');
  }
  checkNodeAddresses(nodeAddresses, "'nodeAddresses'");
  const endpoints = [endpoint, ...props.endpoints ?? []];
  const sides = endpoints.flatMap((each) => {
    const present = each._connections.flatMap((connection) => sideOfConnection(connection) ?? []);
    if (present.length > 0) return present;
    throw new InputError(`the endpoint '${each.node.path}' is absent, and its peer needs nothing: take the connection off the peer instead`);
  });
  const host = peerHostOfAll(sides, { peerAddress, nodeIdentity });
  const names = { ...certificateName === undefined ? defaultNames(host) : { certificateName }, nodeAddresses };
  const { write, extension } = PEER_FORMATS[format];
  return PeerConfiguration._of(`${host.stem}${extension}`, write(host, names));
}

const KINDS: KindsOf<PeerConfigurationProps> = {
  endpoints: optional(listOf(instance(ExternalIpsecEndpoint), 'endpoints')),
  peerAddress: optional(TEXT),
  nodeIdentity: optional(TEXT),
  certificateName: optional(TEXT),
  nodeAddresses: optional(listOf(TEXT, 'addresses', "['192.0.2.21']")),
};
