import { MalformedError } from './der';

/** One block of a PEM file. */
export interface PemBlock {
  readonly label: string;
  /** The line of its BEGIN, from 1. */
  readonly line: number;
  /** The Base64 between BEGIN and END, undecoded: what is secret stays unread. */
  readonly body: string;
}

/** What ends a line of a text file on any system. */
export const LINE_END = /\r\n|\r|\n/;

const BEGIN = /^-----BEGIN ([A-Z0-9 #]{1,64})-----[ \t]*$/;

/** The blocks of a PEM file. Text around them (`openssl x509 -text`, comments) is passed over (RFC 7468, section 2). */
export function readPem(text: string): PemBlock[] {
  const lines = text.split(LINE_END);
  const blocks: PemBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const label = BEGIN.exec(lines[i])?.[1];
    if (label === undefined) continue;
    let end = i + 1;
    while (end < lines.length && !lines[end].startsWith('-----')) end++;
    if (lines[end]?.trimEnd() !== `-----END ${label}-----`) {
      throw new MalformedError(`the block that begins with -----BEGIN ${label}----- in line ${i + 1} does not end with -----END ${label}-----`);
    }
    blocks.push({ label, line: i + 1, body: lines.slice(i + 1, end).join('\n') });
    i = end;
  }
  return blocks;
}

/** The bytes of a block. */
export function decodePem({ body, line }: PemBlock): Buffer {
  const base64 = body.replace(/\s+/g, '');
  if (base64.length === 0 || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw new MalformedError(`the block in line ${line} is not Base64`);
  }
  return Buffer.from(base64, 'base64');
}
