import { root } from '../root.mjs';
import { SetupError } from './report.mjs';
import { installNodeModules } from './node-modules.mjs';
import { installOneDnn } from './onednn.mjs';
import { installTfjsNode } from './tfjs-node.mjs';

const OLDEST_NODE = 20;

/**
 * Installs what every command needs; quick when it is all there.
 * With `retry`, what could not be had before is tried again.
 */
export async function setUp({ retry = false } = {}) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new SetupError(
      `Node ${OLDEST_NODE} or newer is needed, this is ${process.versions.node}: install it from https://nodejs.org.`,
    );
  }
  await installNodeModules(root);
  await installTfjsNode(root, { retry });
  await installOneDnn({ retry });
}

/** Runs a script's work; what stops it is said in plain words. */
export async function main(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
