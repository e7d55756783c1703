import type { SamplerName } from '../../config/search';
import type { Budget } from './budget';
import { CmaEsSampler } from './cma-es-sampler';
import { DdpgSampler } from './ddpg-sampler';
import { GpSampler } from './gp-sampler';
import { QuasiRandomSampler } from './quasi-random-sampler';
import { RandomSampler } from './random-sampler';
import type { Sampler } from './sampler';
import type { Space } from './space';
import { TpeSampler } from './tpe-sampler';

const samplers: Readonly<Record<SamplerName, (space: Space, seed: number, budget: Budget) => Sampler>> = {
  gp: (space, seed) => new GpSampler(space, seed),
  tpe: (space, seed) => new TpeSampler(space, seed),
  ddpg: (space, seed, budget) => new DdpgSampler(space, seed, budget),
  'cma-es': (space, seed) => new CmaEsSampler(space, seed),
  'quasi-random': (space, seed) => new QuasiRandomSampler(space, seed),
  random: (space, seed) => new RandomSampler(space, seed),
};

export function makeSampler(name: SamplerName, space: Space, seed: number, budget: Budget): Sampler {
  return samplers[name](space, seed, budget);
}
