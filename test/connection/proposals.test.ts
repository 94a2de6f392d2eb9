import {
  DhGroup, EspProposal, ExternalIpsecEndpointProps, IkePrf, IkeProposal, IpsecCipher, IpsecIntegrity,
} from '../../src';
import { endpoint } from '../constructs/endpoint/fixtures';

const { AES_256, AES_GCM_256 } = IpsecCipher;

describe('typed proposals', () => {
  test("are written in libreswan's own words, in the order of preference, each once", () => {
    const own = IkeProposal.of({ cipher: AES_256, prf: IkePrf.SHA2_256, group: DhGroup.ECP_256 });
    const { libreswan, warnings } = endpoint({
      ikeProposals: [...IkeProposal.CNSA, own, own],
      espProposals: [EspProposal.of({ cipher: AES_256, integrity: IpsecIntegrity.SHA2_512, group: DhGroup.ECP_384 })],
    });
    expect(libreswan).toMatchObject({
      ike: 'aes_gcm256-sha2_512;dh20,aes_gcm256-sha2_512;modp3072,aes_gcm256-sha2_512;modp4096,aes256-sha2_256;dh19',
      esp: 'aes256-hmac_sha2_512_256;dh20',
    });
    expect(warnings).toEqual([]);
  });

  test('an integrity of its own stands before the PRF', () => {
    const { MODP_2048: group } = DhGroup;
    const proposal = IkeProposal.of({ cipher: AES_256, integrity: IpsecIntegrity.SHA2_256, prf: IkePrf.SHA2_512, group });
    expect(String(proposal)).toBe('aes256-hmac_sha2_256_128-sha2_512;modp2048');
  });

  test.each<[Partial<ExternalIpsecEndpointProps>, string]>([
    [{ ike: 'aes256-sha2;dh20', ikeProposals: IkeProposal.FIPS },
      "'ikeProposals' beside 'ike' ('aes256-sha2;dh20') says the same twice: leave one of them out"],
    [{ espProposals: [] },
      "'espProposals' (an empty list) must have a proposal: leave it out for those of the node's crypto policy"],
  ])('are refused: %#', (props, message) => {
    expect(() => endpoint(props)).toThrow(new Error(`test/storage: ${message}`));
  });

  test("a rule speaks of the prop: IKEv2's groups must be one in ESP", () => {
    const espProposals = [DhGroup.ECP_256, DhGroup.ECP_384].map((group) => EspProposal.of({ cipher: AES_GCM_256, group }));
    expect(() => endpoint({ espProposals })).toThrow("'espProposals' ('aes_gcm256;dh19,aes_gcm256;dh20') is refused by libreswan");
  });

  test('a cipher that checks integrity has no other, and one that does not needs one', () => {
    expect(() => EspProposal.of({ cipher: AES_GCM_256, integrity: IpsecIntegrity.SHA2_256 })).toThrow(new Error(
      "EspProposal.of ('cipher' aes_gcm256) can't have 'integrity' (hmac_sha2_256_128), because the cipher checks integrity itself: leave it out",
    ));
    expect(() => EspProposal.of({ cipher: AES_256 })).toThrow(new Error(
      "EspProposal.of ('cipher' aes256) needs 'integrity', because the cipher checks none itself: "
        + 'give IpsecIntegrity.SHA2_256, or a cipher such as IpsecCipher.AES_GCM_256',
    ));
  });
});
