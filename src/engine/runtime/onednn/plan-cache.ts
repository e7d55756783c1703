/** Plans by what they were made for. A few sizes of batch are in use at a time; the longest unused plan goes first. */
export class PlanCache<P extends { dispose(): void }> {
  private readonly plans = new Map<string, P>();

  constructor(private readonly capacity: number) {}

  get(key: string, make: () => P): P {
    let plan = this.plans.get(key);
    this.plans.delete(key);
    if (!plan) {
      for (const [oldest, unused] of this.plans) {
        if (this.plans.size < this.capacity) break;
        this.plans.delete(oldest);
        unused.dispose();
      }
      plan = make();
    }
    this.plans.set(key, plan);
    return plan;
  }

  forEach(visit: (plan: P) => void): void {
    for (const plan of this.plans.values()) visit(plan);
  }

  dispose(): void {
    this.forEach((plan) => plan.dispose());
    this.plans.clear();
  }
}
