import { checksIntegrity, DhGroup, IkePrf, IpsecCipher, IpsecIntegrity } from './algorithms';
import { InputError } from '../core/input-error';
import { instance, KindsOf, listOf, member, optional } from '../core/kinds';
import { requireProps } from '../core/props';

/** What `IkeProposal.of` is given. */
export interface IkeProposalProps {
  /**
   * How IKE encrypts (`ike`).
   *
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly cipher: IpsecCipher;

  /**
   * What IKE derives its keys with (`ike`).
   *
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly prf: IkePrf;

  /**
   * The group that the keys are agreed on in (`ike`).
   *
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly group: DhGroup;

  /**
   * What checks the integrity of IKE's own messages (`ike`); none where the cipher does it itself.
   *
   * @default - the one with the hash of `prf`, none where the cipher checks integrity itself
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly integrity?: IpsecIntegrity;
}

/**
 * One proposal for IKE, which the two sides authenticate and agree on keys by. The peer must have one of the list that a connection has.
 *
 * @see https://libreswan.org/man/ipsec.conf.5.html
 */
export class IkeProposal {
  /**
   * Proposals that a node in FIPS mode takes, the strongest first.
   *
   * @see https://csrc.nist.gov/pubs/sp/800/131/a/r2/final
   */
  public static readonly FIPS: IkeProposal[] = [
    new IkeProposal(IpsecCipher.AES_GCM_256, IkePrf.SHA2_512, DhGroup.ECP_384),
    new IkeProposal(IpsecCipher.AES_GCM_256, IkePrf.SHA2_512, DhGroup.ECP_256),
    new IkeProposal(IpsecCipher.AES_GCM_256, IkePrf.SHA2_512, DhGroup.MODP_3072),
    new IkeProposal(IpsecCipher.AES_256, IkePrf.SHA2_512, DhGroup.ECP_384),
    new IkeProposal(IpsecCipher.AES_256, IkePrf.SHA2_256, DhGroup.ECP_256),
    new IkeProposal(IpsecCipher.AES_256, IkePrf.SHA2_256, DhGroup.MODP_2048),
  ];

  /**
   * The suites of the Commercial National Security Algorithm Suite 1.0 for IPsec. Those of 2.0 need ML-KEM, which libreswan 5.3 and
   * earlier lack, and so every release of OpenShift that the library knows.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9206
   */
  public static readonly CNSA: IkeProposal[] = [
    new IkeProposal(IpsecCipher.AES_GCM_256, IkePrf.SHA2_512, DhGroup.ECP_384),
    new IkeProposal(IpsecCipher.AES_GCM_256, IkePrf.SHA2_512, DhGroup.MODP_3072),
    new IkeProposal(IpsecCipher.AES_GCM_256, IkePrf.SHA2_512, DhGroup.MODP_4096),
  ];

  /**
   * One proposal.
   *
   * @throws when the cipher checks integrity itself and `integrity` is given
   */
  public static of(props: IkeProposalProps): IkeProposal {
    requireProps('IkeProposal.of', props, IKE_KINDS);
    refuseMixture('IkeProposal.of', props.cipher, props.integrity);
    return new IkeProposal(props.cipher, props.prf, props.group, props.integrity);
  }

  private constructor(
    /** How IKE encrypts. */
    public readonly cipher: IpsecCipher,
    /** What IKE derives its keys with. */
    public readonly prf: IkePrf,
    /** The group that the keys are agreed on in. */
    public readonly group: DhGroup,
    /**
     * What checks integrity, where it is said.
     *
     * @default - what follows from cipher and PRF
     */
    public readonly integrity?: IpsecIntegrity,
  ) {}

  /** The proposal in libreswan's own words: `aes_gcm256-sha2_512;dh20`. */
  public toString(): string {
    const { cipher, integrity, prf, group } = this;
    return `${cipher}-${integrity === undefined ? '' : `${integrity}-`}${prf};${group}`;
  }
}

/** What `EspProposal.of` is given. */
export interface EspProposalProps {
  /**
   * How ESP encrypts (`esp`).
   *
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly cipher: IpsecCipher;

  /**
   * What checks the integrity of each packet (`esp`).
   *
   * @default - none where the cipher checks integrity itself, required otherwise
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly integrity?: IpsecIntegrity;

  /**
   * The group that new keys are agreed on in (`esp`); the same one in each proposal of a connection, or none.
   *
   * @default - not written, that of IKE
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly group?: DhGroup;
}

/**
 * One proposal for ESP, which carries the traffic. The peer must have one of the list that a connection has.
 *
 * @see https://libreswan.org/man/ipsec.conf.5.html
 */
export class EspProposal {
  /**
   * Proposals that a node in FIPS mode takes, the strongest first.
   *
   * @see https://csrc.nist.gov/pubs/sp/800/131/a/r2/final
   */
  public static readonly FIPS: EspProposal[] = [
    new EspProposal(IpsecCipher.AES_GCM_256),
    new EspProposal(IpsecCipher.AES_GCM_128),
    new EspProposal(IpsecCipher.AES_256, IpsecIntegrity.SHA2_512),
    new EspProposal(IpsecCipher.AES_256, IpsecIntegrity.SHA2_256),
    new EspProposal(IpsecCipher.AES_128, IpsecIntegrity.SHA2_256),
  ];

  /**
   * What the suites of the Commercial National Security Algorithm Suite 1.0 have for ESP.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9206
   */
  public static readonly CNSA: EspProposal[] = [new EspProposal(IpsecCipher.AES_GCM_256)];

  /**
   * One proposal.
   *
   * @throws when the cipher checks integrity itself and `integrity` is given, or it does not and none is
   */
  public static of(props: EspProposalProps): EspProposal {
    requireProps('EspProposal.of', props, ESP_KINDS);
    refuseMixture('EspProposal.of', props.cipher, props.integrity);
    if (props.integrity === undefined && !checksIntegrity(props.cipher)) {
      throw new InputError(`EspProposal.of ('cipher' ${props.cipher}) needs 'integrity', because the cipher checks none itself: `
        + 'give IpsecIntegrity.SHA2_256, or a cipher such as IpsecCipher.AES_GCM_256');
    }
    return new EspProposal(props.cipher, props.integrity, props.group);
  }

  private constructor(
    /** How ESP encrypts. */
    public readonly cipher: IpsecCipher,
    /**
     * What checks integrity, where the cipher does not.
     *
     * @default - none
     */
    public readonly integrity?: IpsecIntegrity,
    /**
     * The group that new keys are agreed on in.
     *
     * @default - that of IKE
     */
    public readonly group?: DhGroup,
  ) {}

  /** The proposal in libreswan's own words: `aes_gcm256`, or `aes256-hmac_sha2_512_256;dh20`. */
  public toString(): string {
    const { cipher, integrity, group } = this;
    return `${cipher}${integrity === undefined ? '' : `-${integrity}`}${group === undefined ? '' : `;${group}`}`;
  }
}

/** The typed proposals of a connection. */
export interface TypedProposals {
  readonly ike?: string;
  readonly ikeProposals?: readonly IkeProposal[];
  readonly esp?: string;
  readonly espProposals?: readonly EspProposal[];
}

/** Their kinds. */
export const PROPOSAL_KINDS = {
  ikeProposals: optional(listOf(instance(IkeProposal, 'IkeProposal.of({ … })'), 'IkeProposals', 'IkeProposal.FIPS')),
  espProposals: optional(listOf(instance(EspProposal, 'EspProposal.of({ … })'), 'EspProposals', 'EspProposal.FIPS')),
};

/**
 * `ike` or `esp` of a connection, as text or as typed proposals.
 *
 * @throws when both are given, or a list is empty
 */
export function proposalText(props: TypedProposals, key: 'ike' | 'esp'): string | undefined {
  const typed: readonly (IkeProposal | EspProposal)[] | undefined = props[`${key}Proposals`];
  if (typed === undefined) return props[key];
  if (props[key] !== undefined) {
    throw new InputError(`'${key}Proposals' beside '${key}' ('${props[key]}') says the same twice: leave one of them out`);
  }
  if (typed.length === 0) {
    throw new InputError(`'${key}Proposals' (an empty list) must have a proposal: leave it out for those of the node's crypto policy`);
  }
  return [...new Set(typed.map(String))].join(',');
}

function refuseMixture(what: string, cipher: IpsecCipher, integrity: IpsecIntegrity | undefined): void {
  if (integrity === undefined || !checksIntegrity(cipher)) return;
  throw new InputError(`${what} ('cipher' ${cipher}) can't have 'integrity' (${integrity}), because the cipher checks integrity itself: `
    + 'leave it out');
}

const IKE_KINDS: KindsOf<IkeProposalProps> = {
  cipher: member(IpsecCipher),
  prf: member(IkePrf),
  group: member(DhGroup),
  integrity: optional(member(IpsecIntegrity)),
};

const ESP_KINDS: KindsOf<EspProposalProps> = {
  cipher: member(IpsecCipher),
  integrity: optional(member(IpsecIntegrity)),
  group: optional(member(DhGroup)),
};
