import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { ModelFileError } from '../model-file-error';
import { externalData, type TensorProto } from './constants';

/** The files beside an ONNX model that hold its large tensors, each read once. */
export class ExternalFiles {
  private readonly files = new Map<string, Promise<Buffer>>();

  /** @param directory Of the model; undefined when it doesn't come from a file. */
  constructor(private readonly directory?: string) {}

  /**
   * The bytes of a tensor's values, empty where they are in one of its typed fields.
   * @throws ModelFileError when the file is missing, too short, or outside the model's folder.
   */
  async bytesOf(tensor: TensorProto, what: string): Promise<Uint8Array> {
    const place = externalData(tensor);
    if (!place) return tensor.rawData;
    const { location, offset, length } = place;
    const bytes = await this.file(location, what);
    const end = length === undefined ? bytes.length : offset + length;
    if (!(offset >= 0 && end <= bytes.length)) {
      throw new ModelFileError(
        `${location} ends at byte ${bytes.length}, in the middle of ${what}: it is damaged or cut off`,
        'export or copy the model again, with all its files',
      );
    }
    return bytes.subarray(offset, end);
  }

  private file(location: string, what: string): Promise<Buffer> {
    const known = this.files.get(location);
    if (known) return known;
    const reading = this.read(location, what);
    this.files.set(location, reading);
    return reading;
  }

  private async read(location: string, what: string): Promise<Buffer> {
    const directory = this.directory ?? '';
    const path = join(directory, location);
    // A model must not make us read files that have nothing to do with it.
    if (this.directory === undefined || isAbsolute(location) || relative(directory, path).startsWith('..')) {
      throw new ModelFileError(
        `${what} is kept in "${location}", outside the model's folder`,
        'save the model as one file',
      );
    }
    return readFile(path).catch((error: NodeJS.ErrnoException) => {
      throw new ModelFileError(
        `${what} is kept in the file ${location}, which ${error.code === 'ENOENT' ? 'is missing' : `can't be read: ${error.message}`}`,
        'keep all files of the model in one folder',
      );
    });
  }
}
