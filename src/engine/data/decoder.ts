import { DatasetError } from './dataset-error';

type Sharp = typeof import('sharp');
let decoder: Promise<Sharp> | undefined;

/**
 * The image decoder, loaded at its first use: it is native, and most data sets do without.
 * @throws DatasetError where it can't be loaded.
 */
export function imageDecoder(): Promise<Sharp> {
  decoder ??= load();
  return decoder;
}

async function load(): Promise<Sharp> {
  try {
    const { default: sharp } = await import('sharp');
    // Several images are decoded at once: threads within each would only get into one another's way.
    sharp.concurrency(1);
    return sharp;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new DatasetError(`the image decoder sharp can't be loaded (${why}): run \`npm install sharp\``);
  }
}
