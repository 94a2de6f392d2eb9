const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const DNS_NAME = /^(?=.{1,253}$)[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?)*$/;

/** Whether the text is an IPv4 address in its one canonical form: four decimal numbers without leading zeros. */
export function isIpv4(text: string): boolean {
  return typeof text === 'string' && IPV4.test(text);
}

/** Whether the text can only be meant as an IPv6 address or subnet: no host name, nickname or IPv4 address has a colon. */
export function isIpv6(text: string): boolean {
  return typeof text === 'string' && /^\[?[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%\w+)?\]?(?:\/\d*)?$/.test(text);
}

/** Whether the text is a DNS name; four or fewer bare numbers are a mistyped address, not a name. */
export function isDnsName(text: string): boolean {
  return typeof text === 'string' && DNS_NAME.test(text) && !/^[\d.]+$/.test(text);
}

/** Whether an IPv4 address can be another machine's: not this host, a multicast group or reserved (RFC 6890). */
export function isRemoteIpv4(address: string): boolean {
  const first = Number(address.split('.')[0]);
  return isIpv4(address) && first !== 0 && first !== 127 && first < 224;
}

/** How many subnets are kept as they were read: more than a cluster has connections to, and little memory. */
const MOST = 4096;

/** An IPv4 subnet in CIDR notation. */
export class Ipv4Cidr {
  /** The subnet that the text names, or undefined where it is no IPv4 CIDR. Host bits are kept, to be judged. */
  public static parse(text: string): Ipv4Cidr | undefined {
    // Thousands of connections lead to the same few subnets, and from the same few.
    let cidr = Ipv4Cidr.known.get(text);
    if (cidr !== undefined) return cidr ?? undefined;
    cidr = Ipv4Cidr.read(text);
    if (Ipv4Cidr.known.size >= MOST) Ipv4Cidr.known.clear();
    Ipv4Cidr.known.set(text, cidr ?? null);
    return cidr;
  }

  private static readonly known = new Map<string, Ipv4Cidr | null>();

  private static read(text: string): Ipv4Cidr | undefined {
    const match = typeof text === 'string' && /^([\d.]+)\/(\d|[12]\d|3[0-2])$/.exec(text);
    if (!match || !isIpv4(match[1])) return undefined;
    const address = match[1].split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
    return new Ipv4Cidr(address, Number(match[2]));
  }

  private knownNetwork?: string;

  private constructor(private readonly address: number, public readonly prefix: number) {}

  /** Whether the subnet is one host. */
  public get isHost(): boolean {
    return this.prefix === 32;
  }

  /** Whether the subnet is this one host. */
  public isOnly(address: string): boolean {
    return this.isHost && this.network === `${address}/32`;
  }

  /** The same prefix with all host bits zero. */
  public get network(): string {
    return this.knownNetwork ??= `${[24, 16, 8, 0].map((shift) => Math.floor(this.first / 2 ** shift) % 256).join('.')}/${this.prefix}`;
  }

  /** The lowest address, as a number. */
  public get first(): number {
    return Math.floor(this.address / this.size) * this.size;
  }

  /** The subnet with a shorter prefix that holds this one, as `network` writes it. */
  public widenedTo(prefix: number): string {
    return new Ipv4Cidr(this.first, prefix).network;
  }

  /** Whether every address of another subnet is in this one. */
  public holds(other: Ipv4Cidr): boolean {
    return this.prefix <= other.prefix && Math.floor(other.first / this.size) * this.size === this.first;
  }

  /** Whether the two have an address in common: then one of them holds the other. */
  public overlaps(other: Ipv4Cidr): boolean {
    return this.holds(other) || other.holds(this);
  }

  /** Whether a bit beyond the prefix is set: `10.1.2.3/24` is an address with a prefix, not a subnet. */
  public get hasHostBits(): boolean {
    return this.address % this.size !== 0;
  }

  private get size(): number {
    return 2 ** (32 - this.prefix);
  }
}

/** The subnets without those that others hold, in the order of their addresses: the same for every order that they come in. */
export function withoutContained(subnets: readonly Ipv4Cidr[]): Ipv4Cidr[] {
  const sorted = [...subnets].sort((one, other) => one.first - other.first || one.prefix - other.prefix);
  const kept: Ipv4Cidr[] = [];
  // What begins within the last one that was kept lies in it, because two subnets never overlap in part.
  for (const subnet of sorted) if (!kept.at(-1)?.holds(subnet)) kept.push(subnet);
  return kept;
}
