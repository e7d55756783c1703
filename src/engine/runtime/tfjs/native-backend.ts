import util from 'node:util';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend';
import { activate } from './activate';
import type { Backend, Tfjs } from './kernels';
import { NativeKernels } from './native-kernels';

/**
 * Loads @tensorflow/tfjs-node. TensorFlow reads its settings when its library loads, so threads are fixed by the first
 * call of a process.
 * @throws what the addon's loader says when the package or its native library isn't there.
 */
export async function loadNativeBackend(threads: number): Promise<Backend> {
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  restoreRemovedHelpers();
  // CommonJS: everything is on the default export, whatever the importer's module system makes of the names.
  type Loaded = Tfjs & { readonly version: Readonly<Record<string, string>> };
  const loaded = (await import('@tensorflow/tfjs-node')) as unknown as { default?: Loaded } & Loaded;
  const tf = loaded.default ?? loaded;
  await tf.setBackend('tensorflow');
  await tf.ready();
  const backend = tf.backend() as NodeJSKernelBackend;
  return {
    name: 'tfjs-node',
    version: `${tf.version['tfjs-node']} (TensorFlow ${backend.binding.TF_Version})`,
    threads,
    tf,
    kernels: new NativeKernels(tf, backend),
    activate: () => activate(tf, 'tensorflow'),
  };
}

/** tfjs-node 4.22 calls two helpers that Node 23 removed. */
function restoreRemovedHelpers(): void {
  const helpers = util as { isNullOrUndefined?: unknown; isArray?: unknown };
  helpers.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  helpers.isArray ??= Array.isArray;
}
