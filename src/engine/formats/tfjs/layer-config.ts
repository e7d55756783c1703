import type { Pair } from '../../graph/node';
import { ModelFileError } from '../model-file-error';
import type { KerasLayer } from './model-json';

/** The settings of one Keras layer, read with the checks that foreign data needs. */
export class LayerConfig {
  readonly name: string;
  readonly className: string;
  private readonly values: Readonly<Record<string, unknown>>;

  constructor(layer: KerasLayer) {
    this.name = layer.config.name;
    this.className = layer.class_name;
    this.values = layer.config;
    if (this.values.data_format === 'channels_first') {
      throw this.error('has data_format channels_first; only channels_last is supported');
    }
  }

  error(what: string, hint?: string): ModelFileError {
    return new ModelFileError(`layer "${this.name}" (${this.className}) ${what}`, hint);
  }

  number(key: string, fallback: number): number {
    const value = this.values[key];
    return typeof value === 'number' ? value : fallback;
  }
  flag(key: string, fallback: boolean): boolean {
    const value = this.values[key];
    return typeof value === 'boolean' ? value : fallback;
  }
  text(key: string, fallback: string): string {
    const value = this.values[key];
    return typeof value === 'string' ? value : fallback;
  }
  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }
  numbers(key: string): number[] {
    const value = this.values[key];
    return Array.isArray(value) ? value.filter((item) => typeof item === 'number') : [];
  }
  /** A pair, or one number for both. */
  pair(key: string, fallback: number): Pair {
    const [height, width] = this.numbers(key);
    if (height !== undefined && width !== undefined) return [height, width];
    const both = this.number(key, fallback);
    return [both, both];
  }
  /** `[[top, bottom], [left, right]]`, a pair for both sides, or one number for all four. */
  sides(key: string): readonly (readonly [number, number])[] {
    const value = this.values[key];
    if (typeof value === 'number')
      return [
        [value, value],
        [value, value],
      ];
    if (Array.isArray(value) && value.length === 2) {
      return value.map((side: unknown): [number, number] =>
        Array.isArray(side) ? [Number(side[0]), Number(side[1])] : [Number(side), Number(side)],
      );
    }
    throw this.error(`has ${key} ${JSON.stringify(value)}, which can't be understood`);
  }
}
