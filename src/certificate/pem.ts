/**
 * PEM as every reader on a node takes it: OpenSSL, NSS and the import script.
 *
 * They agree on a block whose BEGIN and END are lines of their own, and on little else: what one passes over, another reads.
 * So text around blocks is passed over (RFC 7468, section 2), and whatever resembles a block and is none is a problem.
 */
export interface PemReading {
  readonly blocks: readonly PemBlock[];
  readonly problems: readonly PemProblem[];
}

/** One block of a PEM file. */
export interface PemBlock {
  readonly label: string;
  /** The line of its BEGIN, from 1. */
  readonly line: number;
  /** The Base64 between BEGIN and END, undecoded: what is secret stays unread. */
  readonly body: string;
}

/** What is wrong in a line, and the fix: "has blanks before …". No part of the line is shown but a label: it may be a key. */
export interface PemProblem {
  readonly line: number;
  readonly message: string;
}

/** A file made of mistakes is not told about in full. */
const MAX_PROBLEMS = 20;

const BEGIN = /^-----BEGIN (?! )([A-Z0-9 ]{1,64})-----$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Hyphens, and what a word processor makes of them. */
const DASH = '[-\\u2010-\\u2015\\u2212]';
const LABEL = '(?:(?:X509|TRUSTED|NEW) )?CERTIFICATE(?: REQUEST| PAIR)?';
const MARK = `(?:BEGIN|END)[\\s_-]*${LABEL}`;
/** What OpenSSL or NSS could take for the edge of a block, and what a person meant as one. */
const EDGE = new RegExp(`-----(?:BEGIN|END)|${DASH}\\s*${MARK}|${MARK}\\s*${DASH}|^[^\\w]*${MARK}[^\\w]*$`, 'i');

/** Reads a PEM file. The blocks are all that there are, as long as there is no problem. */
export function readPem(text: string): PemReading {
  const lines = text.split('\n').map((line) => line.endsWith('\r') ? line.slice(0, -1) : line);
  const blocks: PemBlock[] = [];
  const problems: PemProblem[] = [];
  for (let i = 0; i < lines.length && problems.length < MAX_PROBLEMS; i++) {
    const label = BEGIN.exec(lines[i])?.[1];
    if (label === undefined) {
      if (EDGE.test(lines[i])) problems.push({ line: i + 1, message: problemOfEdge(lines[i], i + 1) });
      continue;
    }
    let end = i + 1;
    while (end < lines.length && !lines[end].includes('-')) end++;
    const problem = problemOfBlock(lines, i, end, label);
    if (problem) problems.push(problem);
    else blocks.push({ label, line: i + 1, body: lines.slice(i + 1, end).join('') });
    i = BEGIN.test(lines[end] ?? '') ? end - 1 : end;
  }
  return { blocks, problems };
}

/** The bytes of a block. */
export function decodePem({ body }: PemBlock): Buffer {
  return Buffer.from(body, 'base64');
}

function problemOfBlock(lines: readonly string[], begin: number, end: number, label: string): PemProblem | undefined {
  const block = `the block that begins with -----BEGIN ${label}----- in line ${begin + 1}`;
  const last = lines[end] ?? '';
  if (last.startsWith(`-----END ${label}----------BEGIN `)) {
    return {
      line: end + 1,
      message: `has an END and the next BEGIN in one line ${end + 1}, where the first file that was joined had no line end: `
        + 'put one between them',
    };
  }
  if (last !== `-----END ${label}-----`) {
    if (!/^-----(?:BEGIN|END) [A-Z0-9 ]{1,64}-----$/.test(last) && EDGE.test(last)) {
      return { line: end + 1, message: problemOfEdge(last, end + 1) };
    }
    return { line: begin + 1, message: `is cut off or damaged: ${block} does not end with a line -----END ${label}-----; copy it again` };
  }
  const body = lines.slice(begin + 1, end);
  const odd = body.findIndex((line, index) => !BASE64.test(line) || line.endsWith('=') && index < body.length - 1);
  if (odd >= 0) {
    const line = begin + odd + 2;
    const what = body[odd] === '' ? 'is empty' : body[odd].trim() !== body[odd] ? 'begins or ends with blanks' : 'is not Base64';
    return { line, message: `has line ${line}, which ${what}, in ${block}: copy it again` };
  }
  const digits = body.reduce((sum, line) => sum + line.length, 0);
  if (digits > 0 && digits % 4 === 0) return undefined;
  return {
    line: begin + 1,
    message: `is cut off or damaged: ${block} holds ${digits} letters of Base64, which make no whole number of bytes; copy it again`,
  };
}

/** What keeps a line from being the edge of a block. */
function problemOfEdge(line: string, number: number): string {
  const [edge, word] = /-----(BEGIN|END) (?! )[A-Z0-9 ]{1,64}-----/.exec(line) ?? [];
  if (line.includes('\r')) {
    return `has a carriage return inside line ${number}, and OpenSSL knows LF and CR LF as line ends: write it again with one of them`;
  }
  if (edge === undefined) {
    return `has a line ${number} that resembles -----BEGIN CERTIFICATE----- or its END and is none, so that OpenSSL passes it over: `
      + 'write five hyphens, BEGIN or END, one blank, CERTIFICATE, five hyphens';
  }
  const place = `${edge} in line ${number}`;
  const whole = word === 'BEGIN' ? 'the certificate' : 'the end of the certificate';
  const at = line.indexOf(edge);
  const [before, after] = [line.slice(0, at), line.slice(at + edge.length)];
  if (before === '\ufeff') {
    return `has a byte order mark before ${place}, with which some programs pass ${whole} over: save it as UTF-8 without one`;
  }
  if (before !== '' && before.trim() === '') {
    return `has blanks before ${place}, so that OpenSSL passes ${whole} over: begin the line with its hyphens`;
  }
  if (before !== '') {
    return `has text before ${place}, so that OpenSSL passes ${whole} over: begin the line with its hyphens, `
      + 'or take the whole certificate out if it is not to be used';
  }
  if (after.startsWith('\\n')) {
    return `has \\n in place of line ends in line ${number}, so that OpenSSL passes ${whole} over: write it again with line ends`;
  }
  if (after !== '') {
    return `has ${after.trim() === '' ? 'blanks' : 'text'} after ${place}, which not every program takes: end the line with its hyphens`;
  }
  return `has ${place} without the -----BEGIN that belongs to it: copy the certificate again, or take the line out`;
}
