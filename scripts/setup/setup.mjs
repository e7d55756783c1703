import { fileURLToPath } from 'node:url';
import { SetupError } from './report.mjs';
import { installNodeModules } from './node-modules.mjs';
import { installTfjsNode } from './tfjs-node.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const OLDEST_NODE = 20;

/** Installs what every command needs; quick when it is all there. */
export async function setUp() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new SetupError(`Node ${OLDEST_NODE} or newer is needed, this is ${process.versions.node}.`);
  }
  await installNodeModules(root);
  await installTfjsNode(root);
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
