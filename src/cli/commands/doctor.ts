import { createRequire } from 'node:module';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { version } from '../../../package.json';
import { cacheDir } from '../../engine/cache-dir';
import { print, printJson, type CliContext } from '../context';
import { exitCodes } from '../failure';
import { renderTable } from '../table';
import { bytes } from '../units';

interface Finding {
  readonly name: string;
  readonly available: boolean;
  readonly version?: string;
  /** Why it is not available. */
  readonly reason?: string;
}

/** `pocketflow doctor`: what there is on this machine to compute with. */
export async function doctor(context: CliContext, { json }: { json: boolean }): Promise<number> {
  const backends = await probeBackends();
  const report = {
    version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    threads: availableParallelism(),
    memory: { total: totalmem(), free: freemem() },
    cacheDirectory: cacheDir(),
    backends,
    onnxruntime: await probeOnnxRuntime(),
  };
  if (json) {
    printJson(context, report);
  } else {
    const { memory } = report;
    const rows = [
      ['PocketFlow', version],
      ['Node', `${report.node}, ${report.platform}`],
      ['CPU', `${report.cpu}, ${report.threads} threads`],
      ['memory', `${bytes(memory.total)}, ${bytes(memory.free)} free`],
      ['cache', report.cacheDirectory],
      ...[...backends, report.onnxruntime].map((finding) => [finding.name, describe(context, finding)]),
    ];
    print(context, renderTable(context, [{ title: '' }, { title: '' }], rows).trimStart());
  }
  return backends.some(({ available }) => available) ? exitCodes.done : exitCodes.failed;
}

function describe({ colors }: CliContext, { available, version: found, reason }: Finding): string {
  return available ? colors.green(found ?? 'found') : colors.yellow(`not available: ${reason ?? 'unknown reason'}`);
}

async function probeBackends(): Promise<Finding[]> {
  const { selectExecutor } = await import('../../engine/runtime/select');
  const findings: Finding[] = [];
  // One after the other: loading a backend makes it the current one of TensorFlow.js.
  for (const backend of ['tfjs-node', 'wasm'] as const) {
    findings.push(
      await probe(backend, async () => {
        const { executor } = await selectExecutor({ backend, threads: 'auto', seed: 0 });
        return executor.version;
      }),
    );
  }
  return findings;
}

/** Exported models are run and timed in it. */
function probeOnnxRuntime(): Promise<Finding> {
  return probe('onnxruntime', async () => {
    await import('onnxruntime-node');
    const require = createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
    const { version: found } = require('onnxruntime-node/package.json') as { version: string };
    return found;
  });
}

async function probe(name: string, load: () => Promise<string>): Promise<Finding> {
  try {
    return { name, available: true, version: await load() };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? error.message) : String(error);
    return { name, available: false, reason };
  }
}
