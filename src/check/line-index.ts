/** Where the lines of a text begin; looked for no further than somebody has asked. */
export class LineIndex {
  private readonly starts = [0];
  private isWhole = false;

  public constructor(private readonly text: string) {}

  /** The line and column of an offset, from 1. */
  public position(offset: number): { line: number; column: number } {
    while (!this.isWhole && this.starts[this.starts.length - 1] <= offset) this.next();
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.starts[low] + 1 };
  }

  /** Where a line begins, from 1. */
  public start(line: number): number {
    while (!this.isWhole && this.starts.length < line) this.next();
    return this.starts[line - 1];
  }

  private next(): void {
    const end = this.text.indexOf('\n', this.starts[this.starts.length - 1]);
    if (end < 0) this.isWhole = true;
    else this.starts.push(end + 1);
  }
}
