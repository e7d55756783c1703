import type { Batch } from '../../data/batch';
import { parameters, withParameters, type Graph } from '../../graph/graph';
import type { ParamNode, Tensor } from '../../graph/node';
import type { Parameters, Program } from '../executor';
import type { Backend, Value } from './kernels';
import { Network } from './network';
import type { Pass } from './ops';

/** A graph in inference mode; its parameters stay on the backend from call to call. */
export class TfjsProgram implements Program {
  private readonly network: Network;
  private readonly uploaded = new Map<string, Value>();
  private disposed = false;

  constructor(
    private graph: Graph,
    private readonly backend: Backend,
  ) {
    this.network = new Network(graph, backend);
  }

  async forward(batch: Batch): Promise<Float32Array> {
    const { output } = this.graph;
    return (await this.activations(batch, [output])).get(output) as Float32Array;
  }

  async activations(batch: Batch, nodes: readonly string[]): Promise<ReadonlyMap<string, Float32Array>> {
    const outputs = new Map<string, Float32Array>();
    this.network.forward(batch, this.pass(), nodes, (name, value) => outputs.set(name, value.dataSync<'float32'>()));
    return outputs;
  }

  async batchStatistics(batch: Batch): Promise<ReadonlyMap<string, { mean: Float32Array; variance: Float32Array }>> {
    const statistics = new Map<string, { mean: Float32Array; variance: Float32Array }>();
    const onStatistics = (node: string, mean: Value, variance: Value): void => {
      statistics.set(node, { mean: mean.dataSync<'float32'>(), variance: variance.dataSync<'float32'>() });
    };
    this.network.forward(batch, { ...this.pass(), onStatistics }, [], () => {});
    return statistics;
  }

  setParameters(values: Parameters): void {
    const copies = [...values].map(([key, { shape, data }]): [string, Tensor] => [key, { shape, data: data.slice() }]);
    this.graph = withParameters(this.graph, new Map(copies));
    for (const key of values.keys()) {
      this.uploaded.get(key)?.dispose();
      this.uploaded.delete(key);
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const value of this.uploaded.values()) value.dispose();
    this.uploaded.clear();
  }

  private pass(): Pass {
    if (this.disposed) throw new Error('this program was disposed of');
    const { tf } = this.backend;
    const current = parameters(this.graph);
    return {
      backend: this.backend,
      parameter: (node: ParamNode, param: string): Value => {
        const key = `${node.name}/${param}`;
        let value = this.uploaded.get(key);
        if (!value) {
          const { data, shape } = current.get(key) as Tensor;
          this.uploaded.set(key, (value = tf.keep(tf.tensor(data, [...shape], 'float32'))));
        }
        return value;
      },
    };
  }
}
