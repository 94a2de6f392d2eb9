import { checklist } from './checklist';
import { GUARD_EXTENSION, guardFile } from './guard-file';
import { libreswanFile } from './libreswan-file';
import type { FileNames, PeerHost } from './peer-host';
import { strongSwanFile } from './strongswan-file';

export type { FileNames };

/** A form that a peer's configuration is written in. */
export interface PeerFormat {
  readonly write: (host: PeerHost, names: FileNames) => string;
  /** How its file's name ends. */
  readonly extension: string;
}

/** Each form by its name in the command. */
export const PEER_FORMATS: { readonly [name: string]: PeerFormat } = {
  libreswan: { write: libreswanFile, extension: '.ipsec.conf' },
  strongswan: { write: strongSwanFile, extension: '.swanctl.conf' },
  checklist: { write: checklist, extension: '.checklist.md' },
  guard: { write: guardFile, extension: GUARD_EXTENSION },
};

/** Whether a text can be a nickname, a part of file names and of the commands that are shown. */
export function isCertificateName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(text);
}

/** What a host's certificate is called where nobody says it. */
export function defaultNames({ stem }: Pick<PeerHost, 'stem'>): FileNames {
  return { certificateName: stem };
}
