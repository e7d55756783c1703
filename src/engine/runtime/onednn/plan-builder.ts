import { ALGORITHM } from './codes';
import { Owned, rowMajor, type Engine, type NumberType } from './engine';
import type { Argument, Handle } from './library';
import type { Storage } from './memory-plan';
import { Plan, type Operand, type Pass, type Step, type Value, type View } from './plan';

/** How many bytes one number takes. */
export const BYTES = { f32: 4, bf16: 2 } as const;

/** Collects the steps of a pass, and who touches which memory when. */
export class PlanBuilder {
  private readonly owned: Owned;
  private readonly storages: Storage[] = [];
  private readonly steps: Step[] = [];
  private readonly layouts = new Map<string, Handle>();
  /** Steps that have to be run only when parameters have changed come first, and are kept apart until the end. */
  private readonly preparing: Step[] = [];

  constructor(
    readonly engine: Engine,
    /** Of activations and their gradients; parameters and statistics are float32. */
    readonly type: NumberType,
  ) {
    this.owned = new Owned(engine);
  }

  /** Steps so far, those of preparation apart. */
  get length(): number {
    return this.steps.length;
  }

  value(shape: readonly number[], type: NumberType = this.type): Value {
    const bytes = BYTES[type] * shape.reduce((a, b) => a * b, 1);
    return { storage: this.storage(bytes), shape, type };
  }

  /** A float32 value that outlives the pass. */
  pinned(shape: readonly number[]): Value {
    const value = this.value(shape, 'f32');
    value.storage.pinned = true;
    return value;
  }

  /** The same numbers under another shape. */
  reshaped(value: Value, shape: readonly number[]): Value {
    return { ...value, shape };
  }

  layout(dims: readonly number[], strides: readonly number[], type: NumberType): Handle {
    return this.cached(`${dims.join()}/${strides.join()}/${type}`, () => this.owned.layout(dims, strides, type));
  }

  anyLayout(dims: readonly number[], type: NumberType): Handle {
    return this.cached(`${dims.join()}/any/${type}`, () => this.owned.anyLayout(dims, type));
  }

  describe(name: string, ...args: Argument[]): Handle {
    return this.owned.describe(name, ...args);
  }

  /** Attributes that add another operand to a primitive's result, then apply a relu, as asked; 0 for neither. */
  followedBy({ sum, relu }: { readonly sum?: Operand; readonly relu: boolean }): Handle {
    if (!sum && !relu) return 0n;
    const { library } = this.engine;
    const operations = library.make('dnnl_post_ops_create');
    if (sum) library.call('dnnl_post_ops_append_binary', operations, ALGORITHM.add, sum.layout);
    if (relu) library.call('dnnl_post_ops_append_eltwise', operations, ALGORITHM.relu, 0, 0);
    const attributes = this.owned.make('dnnl_primitive_attr_destroy', 'dnnl_primitive_attr_create');
    library.call('dnnl_primitive_attr_set_post_ops', attributes, operations);
    library.call('dnnl_post_ops_destroy', operations);
    return attributes;
  }

  /** A value as primitives see it, in its own shape. */
  dense(value: Value): Operand {
    return this.strided(value, value.shape, rowMajor(value.shape));
  }

  /** An image `[n, h, w, c]` in the order of dimensions that convolutions ask for; features are images of one pixel. */
  image(value: Value): Operand {
    const [n, ...inner] = value.shape;
    const c = inner.pop() ?? 1;
    const [h, w] = inner.length === 2 ? inner : [1, inner.reduce((a, b) => a * b, 1)];
    return this.strided(value, [n, c, h, w], [h * w * c, 1, w * c, c]);
  }

  /** `offset` counts numbers. */
  strided({ storage, type }: Value, dims: readonly number[], strides: readonly number[], offset = 0): Operand {
    return { storage, layout: this.layout(dims, strides, type), offset: offset * BYTES[type] };
  }

  /** New memory in a layout that a primitive chose. */
  chosen(layout: Handle): Operand {
    return { storage: this.storage(this.engine.library.sizeOf(layout)), layout, offset: 0 };
  }

  run(description: Handle, operands: readonly (readonly [number, Operand])[]): void {
    for (const [, { storage }] of operands) this.touch(storage);
    this.steps.push({ kind: 'primitive', description, operands });
  }

  /** Writes zeros. */
  clear({ storage }: Value): void {
    this.touch(storage);
    this.steps.push({ kind: 'clear', storage });
  }

  /** Adds a step of our own; it reads and writes float32 values only. */
  kernel(touched: readonly Value[], make: (view: View) => (pass: Pass) => void): void {
    for (const { storage } of touched) this.touch(storage);
    this.steps.push({ kind: 'kernel', make });
  }

  reorder(from: Operand, to: Operand): void {
    this.run(this.reordering(from.layout, to.layout), [
      [1, from],
      [17, to],
    ]);
  }

  /** `operand` in the layout asked for, which it may have already. */
  inLayout(operand: Operand, layout: Handle): Operand {
    if (this.engine.library.same(operand.layout, layout)) return operand;
    const copy = this.chosen(layout);
    this.reorder(operand, copy);
    return copy;
  }

  /** As {@link inLayout} for a parameter: done when parameters have changed, and kept. */
  prepare(parameter: Operand, layout: Handle): Operand {
    if (this.engine.library.same(parameter.layout, layout)) return parameter;
    const copy = this.chosen(layout);
    copy.storage.pinned = true;
    const description = this.reordering(parameter.layout, layout);
    this.preparing.push({
      kind: 'primitive',
      description,
      operands: [
        [1, parameter],
        [17, copy],
      ],
    });
    return copy;
  }

  /** The value in float32, as our own kernels and the world outside read it. */
  float(value: Value): Value {
    return this.as(value, 'f32');
  }

  /** The value in the type of activations. */
  native(value: Value): Value {
    return this.as(value, this.type);
  }

  finish(): { readonly plan: Plan; readonly preparation: number } {
    return {
      plan: new Plan(this.owned, this.storages, [...this.preparing, ...this.steps]),
      preparation: this.preparing.length,
    };
  }

  /** Builds a whole plan; what was made for it is given back when that fails. */
  static build<T>(engine: Engine, type: NumberType, build: (builder: PlanBuilder) => T): T {
    const builder = new PlanBuilder(engine, type);
    try {
      return build(builder);
    } catch (error) {
      builder.owned.dispose();
      throw error;
    }
  }

  private as(value: Value, type: NumberType): Value {
    if (value.type === type) return value;
    const copy = this.value(value.shape, type);
    this.reorder(this.dense(value), this.dense(copy));
    return copy;
  }

  private storage(bytes: number): Storage {
    const storage = { bytes, pinned: false, first: Infinity, last: -1, offset: 0 };
    this.storages.push(storage);
    return storage;
  }

  private touch(storage: Storage): void {
    storage.first = Math.min(storage.first, this.steps.length);
    storage.last = this.steps.length;
  }

  private reordering(from: Handle, to: Handle): Handle {
    const { handle } = this.engine;
    const name = 'dnnl_reorder_primitive_desc_create';
    return this.owned.make('dnnl_primitive_desc_destroy', name, from, handle, to, handle, 0n);
  }

  private cached(key: string, make: () => Handle): Handle {
    let layout = this.layouts.get(key);
    if (!layout) this.layouts.set(key, (layout = make()));
    return layout;
  }
}
