/** Follows anchors and aliases through a document, in the order of the text. */
import { yaml } from '../../packages.js';
import type { Limits } from '../document.js';
import type { Diagnostic } from '../types.js';

/** How large a node is once its aliases are followed. */
interface Extent {
  readonly nodes: number;
  readonly depth: number;
}

type Report = (problem: Pick<Diagnostic, 'rule' | 'message'>, start: number, end: number) => void;

/**
 * Checks aliases without following them: that their anchor stands before them, that they are not inside of what they name, and that the
 * value does not grow beyond the limits ("billion laughs").
 */
export class Anchors {
  private readonly limits: Limits;
  private readonly report: Report;
  private known = new Map<string, Extent | 'open'>();
  private readonly stack: { nodes: number; depth: number }[] = [];
  private exceeded = false;
  private total: { nodes: number; depth: number } = { nodes: 0, depth: 0 };

  constructor(limits: Limits, report: Report) {
    this.limits = limits;
    this.report = report;
  }

  /** Anchors do not reach into the next document. */
  reset(): void {
    this.known = new Map();
  }

  leaf(anchor: string | undefined): void {
    if (anchor !== undefined) this.known.set(anchor, { nodes: 1, depth: 0 });
    this.add({ nodes: 1, depth: 0 });
  }

  /** The anchors and aliases of a key. */
  key(node: unknown): void {
    if (yaml().isScalar(node) && node.anchor === undefined) return;
    if (!yaml().isNode(node)) return;
    yaml().visit(node, {
      Node: (_, inner) => {
        const [start, end] = inner.range ?? [0, 0];
        if (yaml().isAlias(inner)) this.use(inner.source, start, end);
        else if (inner.anchor !== undefined) this.known.set(inner.anchor, { nodes: 1, depth: 0 });
      },
    });
  }

  enter(anchor: string | undefined): void {
    if (anchor !== undefined) this.known.set(anchor, 'open');
    this.stack.push({ nodes: 1, depth: 1 });
  }

  leave(anchor: string | undefined): void {
    const extent = this.stack.pop() ?? { nodes: 1, depth: 0 };
    if (anchor !== undefined) this.known.set(anchor, extent);
    this.add(extent);
  }

  use(name: string, start: number, end: number): void {
    const target = this.known.get(name);
    if (target === undefined) {
      this.report({ rule: 'unresolved-alias', message: 'an alias without an anchor before it' }, start, end);
    } else if (target === 'open') {
      this.report({ rule: 'recursive-alias', message: 'an alias inside of what it stands for' }, start, end);
    } else this.useExtent(target, start, end);
  }

  private useExtent(target: Extent, start: number, end: number): void {
    this.add(target);
    const nodes = this.total.nodes + this.stack.reduce((sum, open) => sum + open.nodes, 0);
    const depth = this.stack.length + target.depth;
    if (this.exceeded || (nodes <= this.limits.maxExpanded && depth <= this.limits.maxDepth)) return;
    this.exceeded = true;
    const rule = depth > this.limits.maxDepth ? 'too-deep' : 'too-large';
    this.report({ rule, message: 'the aliases make the value too large' }, start, end);
  }

  private add({ nodes, depth }: Extent): void {
    const parent = this.stack.at(-1) ?? this.total;
    parent.nodes += nodes;
    parent.depth = Math.max(parent.depth, depth + 1);
  }
}
