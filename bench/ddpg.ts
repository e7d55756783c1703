import { Random } from '../src/engine/graph/random';
import { DdpgAgent } from '../src/engine/search/ddpg/agent';
import { Pendulum } from '../test/support/pendulum';
import { median } from './support/median';

/**
 * What the DDPG agent learns of the pendulum in 20,000 steps: the mean return of 50 episodes without noise, for each seed. The
 * figure beside it is that of RL Baselines3 Zoo's tuned DDPG, as published; it is not run here. usage: npm run bench -- ddpg [SEEDS]
 */
const STEPS = 20_000;
const ZOO = -152;
const seeds = Number(process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? 5);
const runs: { seed: number; ours: number; seconds: number }[] = [];
for (let seed = 1; seed <= seeds; seed++) {
  const start = performance.now();
  const ours = Number(evaluate(train(seed)).toFixed(1));
  runs.push({ seed, ours, seconds: Math.round((performance.now() - start) / 1000) });
  process.stderr.write(`${JSON.stringify(runs.at(-1))}\n`);
}
const ours = median(runs.map((run) => run.ours));
process.stdout.write(
  `${JSON.stringify({
    name: 'ddpg-pendulum',
    ratio: Number((ours / ZOO).toFixed(3)),
    ours,
    peer: ZOO,
    peerName: 'RL Baselines3 Zoo, as published',
    unit: 'mean return after 20,000 steps; nearer to 0 is better',
    threads: 1,
    runs,
  })}\n`,
);

function train(seed: number): DdpgAgent {
  const random = new Random(1000 + seed);
  const pendulum = new Pendulum(new Random(seed));
  const agent = new DdpgAgent({ stateSize: 3, seed, discount: 0.98, follow: 0.005 });
  let state = pendulum.reset();
  let explore = agent.explorer(0.1, random);
  for (let step = 0; step < STEPS; step++) {
    const learns = agent.experience >= 1000;
    const action = learns ? explore(state) : random.uniform();
    const { state: next, reward, over } = pendulum.step(action);
    agent.remember({ state, action, reward, next });
    if (learns) agent.learn();
    state = over ? pendulum.reset() : next;
    if (over) explore = agent.explorer(0.1, random);
  }
  return agent;
}

function evaluate(agent: DdpgAgent): number {
  const pendulum = new Pendulum(new Random(99));
  const episodes = 50;
  let sum = 0;
  for (let episode = 0; episode < episodes; episode++) {
    let state = pendulum.reset();
    for (let over = false; !over;) {
      const step = pendulum.step(agent.act(state));
      sum += step.reward / episodes;
      ({ state, over } = step);
    }
  }
  return sum;
}
