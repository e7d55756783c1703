const bundled = !import.meta.url.endsWith('.ts');

/** The worker is a bundle of its own, beside the one that this is part of; tests run from sources and bundle it first. */
export const workerScript = new URL(bundled ? './batch-worker.js' : '../../../dist/batch-worker.js', import.meta.url);
