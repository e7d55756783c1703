import { deriveSeed } from '../data/derive-seed';
import { Random } from '../graph/random';
import { HistorySampler } from './told-history';
import type { Decision } from './space';

/**
 * Fills the space more evenly than chance does: the Halton sequence with its digits permuted at random (Owen 2017, "A
 * randomized Halton algorithm in R"), without which its later dimensions run in step.
 */
export class QuasiRandomSampler extends HistorySampler {
  readonly name = 'quasi-random';
  /** For each dimension and digit, the permutation of its values. */
  private readonly permutations = new Map<string, Uint16Array>();
  private readonly bases = primes(this.space.size);

  ask(trial: number): Decision {
    return this.space.decode(this.units(trial));
  }

  /** Point `index` of the sequence, as unit coordinates. */
  units(index: number): Float64Array {
    return Float64Array.from(this.space.dimensions, (dimension, d) => {
      const unit = this.coordinate(index, d);
      if (dimension.kind !== 'categorical') return unit;
      return Math.min(dimension.choices.length - 1, Math.floor(unit * dimension.choices.length));
    });
  }

  private coordinate(index: number, dimension: number): number {
    const base = this.bases[dimension];
    let [unit, rest, scale] = [0, index, 1 / base];
    // Leading zeros are permuted too, as far as they show in a double.
    for (let digit = 0; scale > 1e-12; digit++) {
      unit += this.permutation(dimension, digit)[rest % base] * scale;
      rest = Math.floor(rest / base);
      scale /= base;
    }
    return Math.min(unit, 1 - Number.EPSILON);
  }

  private permutation(dimension: number, digit: number): Uint16Array {
    const key = `${dimension}/${digit}`;
    let found = this.permutations.get(key);
    if (!found) {
      const random = new Random(deriveSeed(this.seed, dimension, digit));
      found = random.shuffle(Uint16Array.from({ length: this.bases[dimension] }, (_, i) => i));
      this.permutations.set(key, found);
    }
    return found;
  }
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}
