import type { SamplerName } from '../../config/search';
import { CmaEsSampler } from './cma-es-sampler';
import { GpSampler } from './gp-sampler';
import { QuasiRandomSampler } from './quasi-random-sampler';
import { RandomSampler } from './random-sampler';
import type { Sampler } from './sampler';
import type { Space } from './space';
import { TpeSampler } from './tpe-sampler';

const samplers: Readonly<Record<SamplerName, new (space: Space, seed: number) => Sampler>> = {
  gp: GpSampler,
  tpe: TpeSampler,
  'cma-es': CmaEsSampler,
  'quasi-random': QuasiRandomSampler,
  random: RandomSampler,
};

export function makeSampler(name: SamplerName, space: Space, seed: number): Sampler {
  return new samplers[name](space, seed);
}
