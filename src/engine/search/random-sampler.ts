import { deriveSeed } from '../data/derive-seed';
import { Random } from '../graph/random';
import { HistorySampler } from './told-history';
import type { Decision, Space } from './space';

/** Every value as likely as any other, whatever it was told. */
export class RandomSampler extends HistorySampler {
  readonly name = 'random';

  ask(trial: number): Decision {
    return this.space.decode(uniformUnits(this.space, new Random(deriveSeed(this.seed, trial))));
  }
}

/** Unit coordinates, drawn evenly. */
export function uniformUnits(space: Space, random: Random): Float64Array {
  return Float64Array.from(space.dimensions, (dimension) =>
    dimension.kind === 'categorical' ? random.int(dimension.choices.length) : random.uniform(),
  );
}
