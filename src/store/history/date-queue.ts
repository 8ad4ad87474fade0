/** Commits waiting for their turn, newest committer date first; of equal dates the one that came first (git: prio-queue.c). */
export class DateQueue<T> {
  private readonly heap: { readonly item: T; readonly date: number; readonly order: number }[] = [];
  private added = 0;

  push(item: T, date: number): void {
    const { heap } = this;
    heap.push({ item, date, order: this.added });
    this.added += 1;
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): T | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first?.item;
    heap[0] = last;
    this.sink();
    return first.item;
  }

  private sink(): void {
    for (let at = 0; ;) {
      let best = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.heap.length && this.isBefore(child, best)) best = child;
      if (best === at) return;
      this.swap(at, best);
      at = best;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const [left, right] = [this.heap[a], this.heap[b]];
    if (left === undefined || right === undefined) return false;
    return left.date === right.date ? left.order < right.order : left.date > right.date;
  }

  private swap(a: number, b: number): void {
    const [left, right] = [this.heap[a], this.heap[b]];
    if (left === undefined || right === undefined) return;
    this.heap[a] = right;
    this.heap[b] = left;
  }
}
