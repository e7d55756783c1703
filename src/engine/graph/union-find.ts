/** Disjoint sets of whole numbers (Tarjan 1975), with path halving; elements are added as they come. */
export class UnionFind {
  private readonly parent: number[] = [];

  /** Adds `count` elements, each a set of its own, and gives their ids. */
  add(count: number): Int32Array {
    const first = this.parent.length;
    for (let i = 0; i < count; i++) this.parent.push(first + i);
    return Int32Array.from({ length: count }, (_, i) => first + i);
  }

  /** The element that stands for the set of `id`. */
  find(id: number): number {
    let at = id;
    while (this.parent[at] !== at) {
      this.parent[at] = this.parent[this.parent[at]];
      at = this.parent[at];
    }
    return at;
  }

  union(a: number, b: number): void {
    // The older element leads, so that sets are named by the layer that comes first.
    const first = this.find(a);
    const second = this.find(b);
    this.parent[Math.max(first, second)] = Math.min(first, second);
  }
}
