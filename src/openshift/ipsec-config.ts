import type { VersionFloor } from './openshift-version';

/** What `ipsecConfig.mode` may be; an empty one is the way of 4.14 to say Full. */
export const IPSEC_MODES: readonly string[] = ['Disabled', 'External', 'Full'];

/** What `ipsecConfig.full.encapsulation` may be. */
export const ENCAPSULATIONS: readonly string[] = ['Auto', 'Always'];

/** `ipsecConfig.full.encapsulation` is documented from 4.19, and came to 4.16 to 4.18 with patch levels of 2025. */
export const ENCAPSULATION_SINCE: VersionFloor = ['4.16.x', '4.17.x', '4.18.x', '4.19.0'];
