import { AlgorithmKind, IkeVersion, LIBRESWAN_ALGORITHMS, LIBRESWAN_LEFT_OUT, LibreswanAlgorithm } from './libreswan-algorithms';

/** The keys that hold proposals. */
export type ProposalKey = 'ike' | 'esp';

/**
 * In libreswan's own words why it does not add a connection with these proposals; undefined where it does.
 *
 * @see https://libreswan.org/man/ipsec.conf.5.html
 */
export function proposalRefusal(key: ProposalKey, text: string, version: IkeVersion): string | undefined {
  try {
    if (text === '') throw new Refusal(`${PROTOCOL[key]} proposal is empty`);
    const groups = text.split(',').map((proposal) => new ProposalReader(key, version, proposal).read());
    if (key === 'esp') refuseGroups(groups, version);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.says;
    throw error;
  }
}

const PROTOCOL = { ike: 'IKE', esp: 'ESP' };

class Refusal {
  public constructor(public readonly says: string) {}
}

/** Reads one proposal from left to right: `<encryption>-<PRF>;<DH>` for IKE, `<encryption>-<integrity>;<DH>` for ESP. */
class ProposalReader {
  private readonly words: readonly string[];
  /** What follows each word. */
  private readonly delimiters: readonly string[];
  private readonly protocol: string;
  private position = 0;

  public constructor(private readonly key: ProposalKey, private readonly version: IkeVersion, proposal: string) {
    const parts = proposal.split(version === 1 ? /([-;])/ : /([-;+])/);
    this.words = parts.filter((_, i) => i % 2 === 0);
    this.delimiters = parts.filter((_, i) => i % 2 === 1);
    this.protocol = PROTOCOL[key];
  }

  /** The first DH group, where the proposal names one. */
  public read(): LibreswanAlgorithm | undefined {
    const encryption = this.series(() => this.encryption());
    const integrity = this.key === 'esp' ? this.optional('integrity') : this.version === 1 ? this.prfOfIkev1() : this.prfAndIntegrity();
    const dh = this.more ? this.listOf('DH') : [];
    if (this.more) {
      const what = this.version === 1 ? 'proposals contain' : 'proposal contains';
      this.refuse(`${this.protocol} ${what} unexpected '${shorten(this.words[this.position])}'`);
    }
    this.refuseMixture(encryption, integrity);
    if (this.key === 'ike' && dh.some(isNone)) this.refuse("IKE DH algorithm 'none' not permitted");
    return dh[0];
  }

  private get more(): boolean {
    return this.position < this.words.length;
  }

  /** Whether an algorithm can follow that is no DH group: `;` leads to those. */
  private get moreBeforeDh(): boolean {
    return this.more && this.delimiters[this.position - 1] !== ';';
  }

  private optional(kind: AlgorithmKind): LibreswanAlgorithm[] {
    return this.moreBeforeDh ? this.listOf(kind) : [];
  }

  private prfOfIkev1(): LibreswanAlgorithm[] {
    this.optional('PRF');
    return [];
  }

  /** `-<PRF>`, else `-<integrity>-<PRF>`: what is a PRF is taken for one, and integrity is made of it. */
  private prfAndIntegrity(): LibreswanAlgorithm[] {
    if (!this.moreBeforeDh) return [];
    const start = this.position;
    const noPrf = attempt(() => this.listOf('PRF'));
    if (!noPrf) return [];
    this.position = start;
    let integrity: LibreswanAlgorithm[] = [];
    if (attempt(() => { integrity = this.listOf('integrity'); })) throw noPrf;
    this.optional('PRF');
    return integrity;
  }

  private listOf(kind: AlgorithmKind): LibreswanAlgorithm[] {
    return this.series(() => {
      const word = this.words[this.position];
      if (word === '' && this.version === 2) this.refuse(`${this.protocol} ${kind} algorithm is empty`);
      const found = this.lookUp(kind, word, word);
      this.position++;
      return found;
    });
  }

  /** Alternatives with `+` between them, which IKEv1 does not have. */
  private series(one: () => LibreswanAlgorithm): LibreswanAlgorithm[] {
    const all = [one()];
    while (this.delimiters[this.position - 1] === '+') all.push(one());
    return all;
  }

  /** `aes`, or with the length of the key `aes256`, `aes_256` or `aes-256`. */
  private encryption(): LibreswanAlgorithm {
    const word = this.words[this.position];
    const next = this.words[this.position + 1];
    if (word === '') this.refuse(`${this.protocol} encryption algorithm is empty`);
    if (this.delimiters[this.position] === '-' && /^\d/.test(next)) {
      this.position += 2;
      return this.withKey(word, next, `${word}-${next}`);
    }
    this.position++;
    const end = beforeDigits(word);
    if (end === word.length || knownAs('encryption', word)) return this.lookUp('encryption', word, word);
    return this.withKey(word.slice(0, word[end - 1] === '_' ? end - 1 : end), word.slice(end), word);
  }

  private withKey(name: string, digits: string, shown: string): LibreswanAlgorithm {
    const length = this.keyLength(digits, shown);
    const found = this.lookUp('encryption', name, shown);
    const what = `${this.protocol} encryption algorithm ${found.name}`;
    if (!found.keys) this.refuse(`${what} does not allow a key lengths`);
    if (!found.keys.includes(length)) this.refuse(`${what} with key length ${length} invalid; valid key lengths: ${found.keys.join(', ')}`);
    return found;
  }

  private keyLength(digits: string, shown: string): number {
    const what = `${this.protocol} encryption algorithm '${shorten(shown)}' key length`;
    if (!/^\d+$/.test(digits)) this.refuse(`${what} contains a non-numeric character`);
    if (Number(digits) >= 2 ** 31 - 1) this.refuse(`${what} WAY too big`);
    if (Number(digits) === 0) this.refuse(`${this.protocol} encryption key length is zero`);
    return Number(digits);
  }

  private lookUp(kind: AlgorithmKind, word: string, shown: string): LibreswanAlgorithm {
    const found = knownAs(kind, word);
    const what = `${this.protocol} ${kind} algorithm '${shorten(shown)}'`;
    if (!found) this.refuse(`${what} is not ${LIBRESWAN_LEFT_OUT[kind].includes(word.toLowerCase()) ? 'supported' : 'recognized'}`);
    if (!found[this.key].includes(this.version)) this.refuse(`${what} is not supported by IKEv${this.version}`);
    if (this.key === 'ike' && found.kernelOnly) this.refuse(`${what} is not supported`);
    return found;
  }

  /** AEAD algorithms check integrity themselves, and the others need one that does. */
  private refuseMixture(encryption: readonly LibreswanAlgorithm[], integrity: readonly LibreswanAlgorithm[]): void {
    const aead = encryption.every((one) => one.aead);
    if (!aead && encryption.some((one) => one.aead)) {
      this.refuse(`AEAD and non-AEAD ${this.protocol} encryption algorithm cannot be combined`);
    }
    if (integrity.length === 0 || aead === integrity.every(isNone)) return;
    const what = `${aead ? 'AEAD' : 'non-AEAD'} ${this.protocol} encryption algorithm ${encryption[0].name}`;
    this.refuse(`${what} ${aead ? 'must' : 'cannot'} have 'NONE' as the integrity algorithm`);
  }

  private refuse(says: string): never {
    throw new Refusal(says);
  }
}

/** The proposals of one connection renew its keys by one DH group, all of them or none. */
function refuseGroups(groups: readonly (LibreswanAlgorithm | undefined)[], version: IkeVersion): void {
  const named = groups.filter((group) => group !== undefined);
  if (named.length === 0) return;
  if (named.length < groups.length) throw new Refusal('either all or no ESP proposals should specify DH');
  const real = named.filter((group) => !isNone(group));
  const other = real.find((group) => group !== real[0]);
  if (!other) return;
  throw new Refusal(`more than one IKEv${version} ESP DH algorithm (${real[0].name}, ${other.name}) `
    + (version === 1 ? 'is not allowed in quick mode' : 'requires unimplemented CHILD_SA INVALID_KE'));
}

function isNone({ name }: LibreswanAlgorithm): boolean {
  return name === 'NONE';
}

function attempt(action: () => void): Refusal | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function byName(kind: AlgorithmKind): ReadonlyMap<string, LibreswanAlgorithm> {
  return new Map(LIBRESWAN_ALGORITHMS[kind].flatMap((one) => one.names.map((name) => [name, one])));
}

const KNOWN = { encryption: byName('encryption'), PRF: byName('PRF'), integrity: byName('integrity'), DH: byName('DH') };

function knownAs(kind: AlgorithmKind, word: string): LibreswanAlgorithm | undefined {
  return KNOWN[kind].get(word.toLowerCase());
}

/** Where the digits at the end of a word begin. */
function beforeDigits(word: string): number {
  let end = word.length;
  while (end > 0 && word[end - 1] >= '0' && word[end - 1] <= '9') end--;
  return end;
}

function shorten(word: string): string {
  return word.length > 80 ? `${word.slice(0, 77)}…` : word;
}
