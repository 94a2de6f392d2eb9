/** Lines that systemd itself would cut. */
const MAX_LINE_BYTES = 2048;
/** go-systemd looks at what its reader has buffered, which is at most this. */
const READER_BYTES = 4096;

/** What a unit file says, as far as Ignition looks at it. */
export interface UnitFile {
  /** Sections that have at least one option. */
  readonly sections: ReadonlySet<string>;
  /** Why systemd's syntax is broken. */
  readonly problem?: string;
}

/**
 * Reads a unit file with go-systemd's rules, which decide what Butane accepts: text before the first section is skipped,
 * an option needs `=` before its line ends, values go on after a backslash.
 */
export function readUnitFile(contents: string): UnitFile {
  const reader = new UnitReader(Buffer.from(contents, 'utf8'));
  const problem = reader.read();
  return { sections: reader.sections, problem };
}

class UnitReader {
  public readonly sections = new Set<string>();
  private at = 0;
  /** The end of what go-systemd's buffered reader holds. */
  private held = 0;

  public constructor(private readonly bytes: Buffer) {}

  /** Reads everything; the reason if it can't. */
  public read(): string | undefined {
    let section: string | undefined;
    for (;;) {
      if (this.lineTooLong()) return LINE_TOO_LONG;
      const byte = this.next();
      if (byte === undefined) return undefined;
      if (byte === '[') {
        const header = this.header();
        if (header.problem) return header.problem;
        section = header.name;
      } else if (byte === '#' || byte === ';') {
        if (this.lineTooLong()) return LINE_TOO_LONG;
        // A comment goes on after a backslash, too.
        while (this.line().replace(/ $/, '').endsWith('\\'));
      } else if (section !== undefined && !/\s/.test(byte)) {
        this.at--;
        const problem = this.option();
        if (problem) return problem;
        this.sections.add(section);
      }
    }
  }

  private header(): { name?: string; problem?: string } {
    if (this.lineTooLong()) return { problem: LINE_TOO_LONG };
    const name = this.until(0x5d);
    if (!name.endsWith(']')) return { problem: 'unable to find end of section' };
    if (this.lineTooLong()) return { problem: LINE_TOO_LONG };
    const garbage = this.line().trim();
    return garbage === '' ? { name: name.slice(0, -1) } : { problem: `found garbage after section name : ${quote(garbage)}` };
  }

  private option(): string | undefined {
    if (this.lineTooLong()) return LINE_TOO_LONG;
    for (let byte = this.next(); byte !== '='; byte = this.next()) {
      if (byte === undefined) return 'EOF';
      if (byte === '\n' || byte === '\r') return 'unexpected newline encountered while parsing option name';
    }
    for (;;) {
      if (this.lineTooLong()) return LINE_TOO_LONG;
      const line = this.line();
      if (line.trim() === '' || !line.endsWith('\\')) return undefined;
    }
  }

  private next(): string | undefined {
    if (this.at >= this.bytes.length) return undefined;
    if (this.at >= this.held) this.fill();
    return String.fromCharCode(this.bytes[this.at++]);
  }

  private line(): string {
    return this.until(0x0a).replace(/\n$/, '');
  }

  /** Everything up to a byte, that byte included if there is one. */
  private until(byte: number): string {
    const start = this.at;
    for (;;) {
      const found = this.bytes.subarray(0, this.held).indexOf(byte, this.at);
      if (found >= 0) {
        this.at = found + 1;
        break;
      }
      if (this.held - this.at >= READER_BYTES || this.held >= this.bytes.length) this.at = this.held;
      if (this.held >= this.bytes.length) break;
      this.fill();
    }
    return this.bytes.toString('utf8', start, this.at);
  }

  private fill(): void {
    this.held = Math.min(this.bytes.length, this.at + READER_BYTES);
  }

  /** Looks only as far as the buffer reaches, as go-systemd does: what it holds depends on where it read before. */
  private lineTooLong(): boolean {
    if (this.held - this.at < MAX_LINE_BYTES) return false;
    const ahead = this.bytes.subarray(this.at, this.at + MAX_LINE_BYTES);
    return !ahead.includes(0x0a) && !ahead.includes(0x0d);
  }
}

const LINE_TOO_LONG = `line too long (max ${MAX_LINE_BYTES} bytes)`;

const ESCAPES: { readonly [character: string]: string } = {
  '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '"': '\\"', '\\': '\\\\',
};

/** Go's %q. */
export function quote(text: string): string {
  const escaped = text.replace(/["\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (character) => {
    const code = character.codePointAt(0)!;
    if (ESCAPES[character]) return ESCAPES[character];
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}
