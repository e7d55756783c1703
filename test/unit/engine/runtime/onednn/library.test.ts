import koffi from 'koffi';
import { expect, it } from 'vitest';
import {
  libraryCandidates,
  openLibrary,
  type Handle,
  type Library,
} from '../../../../../src/engine/runtime/onednn/library';
import { Random } from '../../../../../src/engine/graph/random';

const library = tryOpen();
const [FORWARD, DIRECT, F32, NHWC, OIHW] = [64, 1, 3, 22, 5];
const [SRC, DST, WEIGHTS, DIFF_SRC, DIFF_DST, DIFF_WEIGHTS] = [1, 17, 33, 129, 145, 161];

it.runIf(library)('convolves and goes back as plain loops do', () => {
  const l = library as Library;
  const engine = l.make('dnnl_engine_create', 1, 0);
  const stream = l.make('dnnl_stream_create', engine, 1);
  const [n, c, k, h] = [2, 3, 4, 5];
  const random = new Random(1);
  const tensor = (dims: number[], tag: number) => {
    const layout = l.make('dnnl_memory_desc_create_with_tag', dims.length, int64(dims), F32, tag);
    const handle = l.make('dnnl_memory_create', layout, engine, 0xffffffffffffffffn);
    const address = new BigUint64Array(1);
    l.call('dnnl_memory_get_data_handle', handle, address);
    const data = new Float32Array(koffi.view(address[0], 4 * dims.reduce((a, b) => a * b)));
    data.forEach((_, i) => (data[i] = random.normal()));
    return { layout, handle, data };
  };
  const run = (description: Handle, args: [number, Handle][]) => {
    const packed = new BigUint64Array(args.flatMap(([name, memory]) => [BigInt(name), memory]));
    l.call('dnnl_primitive_execute', l.make('dnnl_primitive_create', description), stream, args.length, packed);
    l.call('dnnl_stream_wait', stream);
  };
  const [x, dx] = [tensor([n, c, h, h], NHWC), tensor([n, c, h, h], NHWC)];
  const [w, dw] = [tensor([k, c, 3, 3], OIHW), tensor([k, c, 3, 3], OIHW)];
  const [y, dy] = [tensor([n, k, h, h], NHWC), tensor([n, k, h, h], NHWC)];
  const [one, none] = [int64([1, 1]), int64([0, 0])];
  const window = [one, none, one, one];
  const name = 'dnnl_convolution_';
  const forward = l.make(
    `${name}forward_primitive_desc_create`,
    engine,
    FORWARD,
    DIRECT,
    x.layout,
    w.layout,
    0n,
    y.layout,
    ...window,
    0n,
  );
  run(forward, [
    [SRC, x.handle],
    [WEIGHTS, w.handle],
    [DST, y.handle],
  ]);
  const data = l.make(
    `${name}backward_data_primitive_desc_create`,
    engine,
    DIRECT,
    dx.layout,
    w.layout,
    dy.layout,
    ...window,
    forward,
    0n,
  );
  run(data, [
    [DIFF_DST, dy.handle],
    [WEIGHTS, w.handle],
    [DIFF_SRC, dx.handle],
  ]);
  const weights = l.make(
    `${name}backward_weights_primitive_desc_create`,
    engine,
    DIRECT,
    x.layout,
    dw.layout,
    0n,
    dy.layout,
    ...window,
    forward,
    0n,
  );
  run(weights, [
    [DIFF_DST, dy.handle],
    [SRC, x.handle],
    [DIFF_WEIGHTS, dw.handle],
  ]);

  const wanted = {
    y: new Float64Array(y.data.length),
    dx: new Float64Array(dx.data.length),
    dw: new Float64Array(dw.data.length),
  };
  for (let s = 0; s < n; s++)
    for (let o = 0; o < k; o++)
      for (let i = 0; i < c; i++)
        for (let r = 0; r < h; r++)
          for (let q = 0; q < h; q++)
            for (let a = 0; a < 3; a++)
              for (let b = 0; b < 3; b++) {
                const [row, column] = [r + a - 1, q + b - 1];
                if (row < 0 || column < 0 || row >= h || column >= h) continue;
                const xi = ((s * h + row) * h + column) * c + i;
                const yi = ((s * h + r) * h + q) * k + o;
                const wi = ((o * c + i) * 3 + a) * 3 + b;
                wanted.y[yi] += x.data[xi] * w.data[wi];
                wanted.dx[xi] += dy.data[yi] * w.data[wi];
                wanted.dw[wi] += dy.data[yi] * x.data[xi];
              }
  for (const [own, right] of [
    [y, wanted.y],
    [dx, wanted.dx],
    [dw, wanted.dw],
  ] as const) {
    right.forEach((value, i) => expect(own.data[i]).toBeCloseTo(value, 4));
  }
});

it('says what is wrong with each library that it was given', () => {
  expect(() => openLibrary(1, ['/nowhere/libdnnl.so.3'])).toThrow(/oneDNN 3 is not there: .*nowhere/);
});

function tryOpen(): Library | undefined {
  try {
    return openLibrary(2, libraryCandidates());
  } catch {
    return undefined;
  }
}

function int64(values: readonly number[]): BigInt64Array {
  return BigInt64Array.from(values.map(BigInt));
}
