/** To which entry a comment below it belongs. */

/** A comment line that is indented deeper than every comment line after it in its gap. */
interface CommentLine {
  readonly indent: number;
  readonly end: number;
}

/** Finds how far entries reach into the space and comments that follow them. */
export class CommentLines {
  private readonly source: string;
  private gap: { readonly from: number; readonly lines: readonly CommentLine[] } = { from: -1, lines: [] };

  constructor(source: string) {
    this.source = source;
  }

  /**
   * Where the entry ends whose last byte is before `from`: at the end of the last comment line before `to` that is indented deeper than
   * its collection, or else at the end of its own line. `to` is where the next entry begins or the collection ends.
   */
  entryEnd(from: number, { column, to }: { readonly column: number; readonly to: number }): number {
    const newline = this.source.indexOf('\n', from);
    const lineEnd = newline < 0 || newline >= to ? to : newline + 1;
    const deeper = this.linesOf(from, lineEnd).findLast(({ indent, end }) => indent > column && end <= to);
    return deeper ? deeper.end : lineEnd;
  }

  /** The comment lines after the line at `from`; nested collections that end together ask for the same ones. */
  private linesOf(from: number, lineEnd: number): readonly CommentLine[] {
    if (this.gap.from !== from) this.gap = { from, lines: this.readLines(lineEnd) };
    return this.gap.lines;
  }

  private readLines(from: number): CommentLine[] {
    const pattern = /([ \t]*)(?:(#)[^\n]*)?(?:\n|$)/y;
    pattern.lastIndex = from;
    const lines: CommentLine[] = [];
    for (let found = pattern.exec(this.source); found; found = pattern.exec(this.source)) {
      const indent = found[1]?.length ?? 0;
      if (found[2]) {
        while ((lines.at(-1)?.indent ?? Infinity) <= indent) lines.pop();
        lines.push({ indent, end: pattern.lastIndex });
      }
      if (pattern.lastIndex >= this.source.length) break;
    }
    return lines;
  }
}
