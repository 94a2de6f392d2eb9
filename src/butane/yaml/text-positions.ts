import type { Position } from '../spec/report';

/** Lines and columns of a text as yaml.v3 counts them: by the line breaks of YAML 1.1, and by characters. */
export class TextPositions {
  private readonly lineStarts: readonly number[];
  /** Where characters are that have two units. */
  private readonly pairs: readonly number[];

  public constructor(text: string) {
    this.lineStarts = [0, ...[...text.matchAll(/\r\n|[\n\r\u0085\u2028\u2029]/g)].map((match) => match.index + match[0].length)];
    this.pairs = [...text.matchAll(/[\ud800-\udbff](?=[\udc00-\udfff])/g)].map(({ index }) => index);
  }

  public of(offset: number): Position {
    const line = countBelow(this.lineStarts, offset + 1);
    const start = this.lineStarts[line - 1];
    return { line, column: offset - start - (countBelow(this.pairs, offset) - countBelow(this.pairs, start)) + 1 };
  }
}

/** How many of some ascending numbers are below another. */
function countBelow(numbers: readonly number[], from: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (numbers[middle] < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
