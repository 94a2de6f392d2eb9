/** A word of a command; `literal` where no part of it is a variable or a command of its own. */
export interface Word {
  readonly text: string;
  readonly literal: boolean;
}

/** A command, and the texts in it that may hold commands themselves: what is quoted, and what stands in `$(…)`. */
export interface CommandLine {
  readonly words: readonly Word[];
  readonly inner: readonly string[];
}

/**
 * The commands of a shell script or a systemd unit.
 *
 * This reads what scripts like the documented one say; it is no shell, and what it does not understand it passes over. It
 * looks at each character once, whatever the text: what is opened and never closed ends with its line.
 */
export function* commandLines(text: string): Iterable<CommandLine> {
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) yield* new LineReader(line).commands();
}

const SEPARATORS = ';&|(){}`';
const PLAIN = /[^\s;&|(){}`"'\\$]+/y;
const IN_DOUBLE_QUOTES = /[^"\\$`]+/y;

class LineReader {
  private at = 0;
  private words: Word[] = [];
  private inner: string[] = [];

  public constructor(private readonly line: string) {}

  public* commands(): Iterable<CommandLine> {
    while (this.at < this.line.length) {
      const character = this.line[this.at];
      if (character === '#') break;
      if (/\s/.test(character)) {
        this.at++;
      } else if (!SEPARATORS.includes(character)) {
        this.words.push(this.word());
      } else {
        this.at++;
        yield this.take();
      }
    }
    yield this.take();
  }

  private take(): CommandLine {
    const { words, inner } = this;
    this.words = [];
    this.inner = [];
    return { words, inner };
  }

  private word(): Word {
    let text = '';
    let literal = true;
    while (this.at < this.line.length) {
      const character = this.line[this.at];
      if (character === '"') {
        const quoted = this.doubleQuoted();
        text += quoted.text;
        literal &&= quoted.literal;
      } else if (character === "'") {
        const quoted = this.until("'", this.at + 1);
        this.inner.push(quoted);
        text += quoted;
      } else if (character === '$') {
        text += this.expansion();
        literal = false;
      } else if (character === '\\') {
        text += this.line[this.at + 1] ?? character;
        this.at += 2;
      } else if (/\s/.test(character) || SEPARATORS.includes(character)) {
        break;
      } else {
        text += this.run(PLAIN);
      }
    }
    return { text, literal };
  }

  private doubleQuoted(): Word {
    const from = ++this.at;
    let text = '';
    let literal = true;
    while (this.at < this.line.length && this.line[this.at] !== '"') {
      const character = this.line[this.at];
      if (character === '\\' && '$`"\\'.includes(this.line[this.at + 1] ?? ' ')) {
        text += this.line[this.at + 1];
        this.at += 2;
      } else if (character === '$') {
        text += this.expansion();
        literal = false;
      } else if (character === '`' || character === '\\') {
        text += character;
        this.at++;
        literal &&= character !== '`';
      } else {
        text += this.run(IN_DOUBLE_QUOTES);
      }
    }
    this.inner.push(this.line.slice(from, this.at++).replace(/\\([$`"\\])/g, '$1'));
    return { text, literal };
  }

  /** `$name`, `${…}` or `$(…)`, as it stands there. */
  private expansion(): string {
    const from = this.at;
    const opened = this.line[from + 1];
    if (opened === '{') {
      this.until('}', from + 2);
    } else if (opened === '(') {
      let depth = 0;
      do {
        const character = this.line[++this.at];
        if (character === '(') depth++;
        else if (character === ')') depth--;
      } while (depth > 0 && this.at < this.line.length);
      this.inner.push(this.line.slice(from + 2, this.at));
      this.at++;
    } else {
      this.at++;
    }
    return this.line.slice(from, this.at);
  }

  /** What stands before the end of what was opened, or before the end of the line; goes on behind it. */
  private until(end: string, from: number): string {
    const to = this.line.indexOf(end, from);
    this.at = to < 0 ? this.line.length : to + 1;
    return this.line.slice(from, to < 0 ? undefined : to);
  }

  private run(what: RegExp): string {
    what.lastIndex = this.at;
    const [found] = what.exec(this.line) ?? [this.line[this.at]];
    this.at += found.length;
    return found;
  }
}
