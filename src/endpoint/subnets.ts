import { IpsecConnectionType } from './connection';
import type { ExternalIpsecEndpointProps } from './external-ipsec-endpoint';
import { Ipv4Cidr, isIpv4, isIpv6 } from '../openshift/ip';
import { InputError } from '../synthesis/input-error';

type SubnetProps = Pick<ExternalIpsecEndpointProps, 'nodes' | 'left' | 'host' | 'type' | 'localSubnet' | 'remoteSubnet' | 'leftsubnets' | 'rightsubnets'>;

/** `rightsubnet`. Without it NetworkManager-libreswan writes 0.0.0.0/0, so that it is always stated. */
export function remoteSubnet(props: SubnetProps): string {
  if (props.remoteSubnet !== undefined) {
    const subnet = checkedSubnet('remoteSubnet', props.remoteSubnet, props.type);
    if (props.type === IpsecConnectionType.TRANSPORT && isIpv4(props.host) && !Ipv4Cidr.parse(subnet)?.isOnly(props.host)) {
      throw new InputError(`'remoteSubnet' ('${subnet}') must be 'host' itself ('${props.host}/32') with type transport, which protects the traffic between the two hosts only; `
        + 'leave it out, or use IpsecConnectionType.TUNNEL');
    }
    return subnet;
  }
  if (isIpv4(props.host)) return `${props.host}/32`;
  throw new InputError(`'remoteSubnet' must be given where 'host' ('${props.host}') is a DNS name: without it the node sends all IPv4 traffic into the tunnel; `
    + "for the peer alone it is the peer's address followed by /32");
}

/** `leftsubnet`. */
export function localSubnet({ localSubnet: subnet, type, nodes, left }: SubnetProps): string | undefined {
  if (subnet === undefined) return undefined;
  const checked = checkedSubnet('localSubnet', subnet, type);
  if (type === IpsecConnectionType.TRANSPORT) {
    if (nodes._kind !== 'hosts' || nodes._targets.length > 1) {
      throw new InputError(`'localSubnet' ('${subnet}') is one node's address with type transport, and the selected nodes may be many: leave it out, each node then protects its own`);
    }
    if (typeof left === 'string' && isIpv4(left) && !Ipv4Cidr.parse(checked)?.isOnly(left)) {
      throw new InputError(`'localSubnet' ('${subnet}') must be 'left' itself ('${left}/32') with type transport, which protects the traffic between the two hosts only; leave it out`);
    }
  }
  return checked;
}

/** `leftsubnets` or `rightsubnets`: one text with commas, as ipsec.conf takes it. */
export function subnetList(prop: 'leftsubnets' | 'rightsubnets', props: SubnetProps): string | undefined {
  const subnets = props[prop];
  if (subnets === undefined) return undefined;
  if (subnets.length === 0) throw new InputError(`'${prop}' (an empty list) must name a subnet: leave it out instead`);
  if (props.type === IpsecConnectionType.TRANSPORT) {
    throw new InputError(`'${prop}' (${subnets.join(', ')}) needs type tunnel: transport protects the traffic between two hosts only`);
  }
  return subnets.map((subnet) => checkedSubnet(prop, subnet, props.type)).join(',');
}

function checkedSubnet(prop: string, text: string, type: IpsecConnectionType): string {
  if (isIpv6(text)) throw new InputError(`'${prop}' ('${text}') is IPv6: OpenShift does not support IPv6 for IPsec through NMState; use an IPv4 subnet`);
  const cidr = Ipv4Cidr.parse(text);
  if (!cidr) {
    const hint = isIpv4(text) ? `; for the one host write '${text}/32'` : '';
    throw new InputError(`'${prop}' ('${text}') must be an IPv4 subnet in CIDR notation such as '10.1.2.0/24'${hint}`);
  }
  if (cidr.hasHostBits) {
    throw new InputError(`'${prop}' ('${text}') has bits set beyond its prefix, which libreswan masks or refuses depending on its version: write '${cidr.network}' `
      + `for the subnet, or '${text.split('/')[0]}/32' for the one host`);
  }
  if (type === IpsecConnectionType.TRANSPORT && !cidr.isHost) {
    throw new InputError(`'${prop}' ('${text}') must be one host (/32) with type transport, which protects the traffic between two hosts only; use IpsecConnectionType.TUNNEL for a subnet`);
  }
  return text;
}
