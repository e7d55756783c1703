import type { Sampler } from '../../src/engine/search/sampler';
import { Space } from '../../src/engine/search/space';
import type { Problem } from './test-functions';

export type MakeSampler = (space: Space, seed: number) => Sampler;

/** How far the best of so many trials is from the problem's lowest value: the median over seeds. */
export function medianRegret(make: MakeSampler, problem: Problem, trials: number, seeds: number): number {
  const regrets = Array.from({ length: seeds }, (_, seed) => {
    const sampler = make(new Space(problem.dimensions), seed + 1);
    let best = Infinity;
    for (let trial = 0; trial < trials; trial++) {
      const decision = sampler.ask(trial);
      const value = problem.value(decision);
      sampler.tell({ decision, reward: -value });
      best = Math.min(best, value);
    }
    return best - problem.lowest;
  });
  return regrets.sort((a, b) => a - b)[seeds >> 1];
}
