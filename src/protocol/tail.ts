/** The last lines of an output, for when it turns out that they mattered. */
export class Tail {
  private readonly kept: string[] = [];

  constructor(private readonly count: number) {}

  add(line: string): void {
    this.kept.push(line);
    if (this.kept.length > this.count) this.kept.shift();
  }

  get lines(): readonly string[] {
    return this.kept;
  }
}
