import { build } from 'esbuild';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/config/problem';
import { EngineClient, type EngineOptions } from '../../../src/protocol/engine-client';
import { EngineCrashError } from '../../../src/protocol/engine-crash';
import type { RunEvent } from '../../../src/runs/events';
import { readRun } from '../../../src/runs/read';

let folder: string;
let modulePath: string;
let configPath: string;
let client: EngineClient | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pocketflow-engine-'));
  modulePath = join(folder, 'engine.mjs');
  configPath = join(folder, 'lenet.pocketflow.yaml');
  await writeFile(configPath, 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n');
  await build({
    entryPoints: [join(import.meta.dirname, '../../support/fake-engine.ts')],
    outfile: modulePath,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
});
afterEach(() => client?.close());
afterAll(() => rm(folder, { recursive: true }));

function start(work: string, options: Partial<EngineOptions> = {}): EngineClient {
  client = EngineClient.start({ modulePath, env: { FAKE_WORK: work }, ...options });
  return client;
}
const compress = (engine: EngineClient) => engine.compress({ configPath, workspace: folder });

describe('EngineClient', () => {
  it('runs a config to its end and passes on what the journal gets', async () => {
    const events: RunEvent[] = [];
    const engine = start('finish', { onEvent: (event) => events.push(event) });
    const run = await compress(engine);
    expect(await engine.outcome()).toEqual({ state: 'finished' });
    expect(run.id).toContain('lenet');
    expect(events.map(({ type }) => type)).toEqual(['phase.started', 'progress']);
    expect((await readRun(run.directory)).configPath).toBe(configPath);
  });

  it('hands over the problems of a config with their places', async () => {
    const broken = join(folder, 'broken.pocketflow.yaml');
    await writeFile(broken, 'model: lenet\ndataset: mnist\ntarget: { flops: 50 }\n');
    const failing = start('finish').compress({ configPath: broken, workspace: folder });
    const error = await failing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems[0]?.range.start).toMatchObject({ line: 3, column: 18 });
  });

  it('tells how to mend a failure, and so does the journal', async () => {
    const engine = start('fail');
    const run = await compress(engine);
    const failure = { message: 'the disk is full', hint: 'free some space' };
    expect(await engine.outcome()).toEqual({ state: 'failed', ...failure });
    const { status, failure: written } = await readRun(run.directory);
    expect(status).toBe('failed');
    expect(written).toMatchObject(failure);
  });

  it('stops a run that listens without ending the process', async () => {
    const engine = start('listen');
    const run = await compress(engine);
    const outcome = engine.outcome();
    await engine.stop('enough');
    expect(await outcome).toEqual({ state: 'stopped' });
    expect(await readRun(run.directory)).toMatchObject({ status: 'stopped', stopReason: 'enough' });
    const next = await compress(engine);
    expect(next.id).not.toBe(run.id);
  });

  it('stops a run that does not listen in little more than a second, and leaves it to be resumed', async () => {
    const engine = start('ignore');
    const run = await compress(engine);
    const outcome = engine.outcome();
    const begun = performance.now();
    await engine.stop('enough');
    expect(performance.now() - begun).toBeLessThan(1500);
    expect(await outcome).toEqual({ state: 'stopped' });
    expect(await readRun(run.directory)).toMatchObject({ status: 'stopped', stopReason: 'enough' });
    await engine.close();
    const again = start('finish');
    expect(await again.resume({ runDirectory: run.directory })).toEqual(run);
    expect(await again.outcome()).toEqual({ state: 'finished' });
  });

  it('refuses a second run beside one that is going', async () => {
    const engine = start('listen');
    await compress(engine);
    await expect(compress(engine)).rejects.toThrow('at work on a run already');
  });

  it('tells of a crash by what the engine printed last', async () => {
    const engine = start('crash');
    const error = await compress(engine).then(
      () => engine.outcome().catch((reason: unknown) => reason),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(EngineCrashError);
    expect((error as EngineCrashError).message).toBe(
      "the engine's process ended with code 3: RangeError: out of fake memory",
    );
  });

  it('says that Node was not found', async () => {
    const engine = start('finish', { execPath: join(folder, 'no-node') });
    await expect(compress(engine)).rejects.toThrow(/could not be started.*no-node/);
  });
});
