/** The lines that join commits, beside their text. */
export interface GraphCommit {
  readonly commit: string;
  /** The commits below that it leads to. */
  readonly edges: readonly string[];
  /** What stands beside it, without a final line break. */
  readonly text: readonly string[];
}

/** Commits with their lines, every commit above those it leads to. */
export function drawGraph(commits: readonly GraphCommit[]): readonly string[] {
  /** The commit that each column leads to. */
  let lanes: (string | undefined)[] = [];
  const out: string[] = [];
  for (const { commit, edges, text } of commits) {
    if (!lanes.includes(commit)) lanes = withLane(lanes, commit);
    const at = lanes.indexOf(commit);
    lanes.forEach((lane, column) => {
      if (column > at && lane === commit) {
        out.push(joinRow(lanes, { from: at, to: column, end: '╯' }));
        lanes[column] = undefined;
      }
    });
    lanes = trimmed(lanes);
    out.push(`${row(lanes, at)}  ${text[0] ?? ''}`);
    lanes[at] = edges[0];
    for (const edge of edges.slice(1)) {
      const free = freeLane(lanes, at);
      out.push(
        joinRow([...lanes.slice(0, at), commit, ...lanes.slice(at + 1)], { from: at, to: free, end: '╮' }),
      );
      lanes[free] = edge;
    }
    lanes = trimmed(lanes);
    for (const line of text.slice(1)) out.push(`${row(lanes)}  ${line}`.trimEnd());
  }
  return out;
}

function withLane(lanes: readonly (string | undefined)[], commit: string): (string | undefined)[] {
  const free = freeLane(lanes, -1);
  const next = [...lanes];
  next[free] = commit;
  return next;
}

/** A column to the right that nothing uses. */
function freeLane(lanes: readonly (string | undefined)[], after: number): number {
  const free = lanes.findIndex((lane, column) => column > after && lane === undefined);
  return free < 0 ? lanes.length : free;
}

function trimmed(lanes: readonly (string | undefined)[]): (string | undefined)[] {
  return lanes.slice(0, lanes.findLastIndex((lane) => lane !== undefined) + 1);
}

function row(lanes: readonly (string | undefined)[], at = -1): string {
  const width = Math.max(lanes.length, at + 1);
  return Array.from({ length: width }, (_, column) =>
    column === at ? '*' : lanes[column] === undefined ? ' ' : '│',
  )
    .join(' ')
    .trimEnd();
}

/** A line from one column to another further right. */
function joinRow(
  lanes: readonly (string | undefined)[],
  { from, to, end }: { readonly from: number; readonly to: number; readonly end: string },
): string {
  const width = Math.max(lanes.length, to + 1);
  const cell = (column: number): string => {
    if (column === from) return '├';
    if (column === to) return end;
    if (column < from || column > to) return lanes[column] === undefined ? ' ' : '│';
    return lanes[column] === undefined ? '─' : '┼';
  };
  return Array.from(
    { length: width },
    (_, column) => cell(column) + (column >= from && column < to ? '─' : ' '),
  )
    .join('')
    .trimEnd();
}
