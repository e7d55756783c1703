import { createRequire } from 'node:module';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { version } from '../../../package.json';
import { cacheDir } from '../../engine/cache-dir';
import type { BackendFinding } from '../../engine/runtime/select';
import { print, printJson, type CliContext } from '../context';
import { exitCodes } from '../failure';
import { renderTable } from '../table';
import { bytes } from '../../runs/units';

/** `pocketflow doctor`: what there is on this machine to compute with. */
export async function doctor(context: CliContext, { json }: { json: boolean }): Promise<number> {
  const { describeBackends } = await import('../../engine/runtime/select');
  const backends = await describeBackends();
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

type Finding = Omit<BackendFinding, 'name'> & { readonly name: string };

function describe({ colors }: CliContext, { available, version: found, reason }: Finding): string {
  return available ? colors.green(found ?? 'found') : colors.yellow(`not available: ${reason ?? 'unknown reason'}`);
}

/** Exported models are run and timed in it. */
async function probeOnnxRuntime(): Promise<Finding> {
  const name = 'onnxruntime';
  try {
    await import('onnxruntime-node');
    const require = createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
    const { version: found } = require('onnxruntime-node/package.json') as { version: string };
    return { name, available: true, version: found };
  } catch (error) {
    return { name, available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
