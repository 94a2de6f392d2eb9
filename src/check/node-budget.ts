import { CST, Lexer } from 'yaml';

/**
 * What one run reads at most. Nodes weigh about twenty times their text: kept for so much of it, and made again beyond
 * that where a finding needs them. Tokens are what takes the time: some three seconds for a million of them.
 */
export class NodeBudget {
  public constructor(private characters = 16 * 1024 * 1024, private tokens = 3_000_000, private readonly tokensOfFile = 1_800_000) {}

  /** Whether the nodes of so much text may be kept. */
  public take(characters: number): boolean {
    if (characters > this.characters) return false;
    this.characters -= characters;
    return true;
  }

  /** Why a text is too much to read; undefined where it is not. To count is cheap beside all else that happens to a text. */
  public refuse(text: string): string | undefined {
    return this.refuseTokens(this.count(text));
  }

  /** The same for a text that was read by other means than tokens. */
  public refuseTokens(tokens: number): string | undefined {
    if (tokens > this.tokensOfFile) {
      this.tokens -= SMALL;
      return `has more than ${this.tokensOfFile} YAML tokens, which is more than a run has the time for: split it`;
    }
    if (tokens > this.tokens) {
      return 'was not read, because the files before it are as much as one run has the time for: check folders by themselves';
    }
    this.tokens -= tokens;
    return undefined;
  }

  /** Takes back what was counted of a text that is read in another way after all. */
  public giveBack(tokens: number): void {
    this.tokens += tokens;
  }

  /** How many tokens a text has, or more than it may have. */
  public count(text: string): number {
    // A token has at least one character, apart from marks before scalars and documents.
    let tokens = Math.min(2 * text.length, SMALL);
    if (tokens === SMALL) {
      tokens = 0;
      for (const lexeme of new Lexer().lex(text)) {
        tokens += lexeme === CST.DOCUMENT ? DOCUMENT : 1;
        if (tokens > this.tokensOfFile) break;
      }
    }
    return tokens;
  }
}

/** What an empty document takes beside its tokens. */
const DOCUMENT = 8;

/** So few tokens that they need not be counted exactly. */
const SMALL = 20_000;
