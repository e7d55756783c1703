const [FIRST, SECOND, EPSILON] = [0.9, 0.999, 1e-8];

/** Adam (Kingma & Ba 2015) on one array of parameters. */
export class Adam {
  private readonly mean: Float64Array;
  private readonly square: Float64Array;
  private steps = 0;

  constructor(
    private readonly parameters: Float64Array,
    private readonly learningRate: number,
  ) {
    this.mean = new Float64Array(parameters.length);
    this.square = new Float64Array(parameters.length);
  }

  /** Moves the parameters downhill; the gradient is 0 afterwards. */
  step(gradient: Float64Array): void {
    this.steps++;
    const { mean, square, parameters } = this;
    const rate = (this.learningRate * Math.sqrt(1 - SECOND ** this.steps)) / (1 - FIRST ** this.steps);
    for (let i = 0; i < gradient.length; i++) {
      const slope = gradient[i];
      mean[i] += (1 - FIRST) * (slope - mean[i]);
      square[i] += (1 - SECOND) * (slope * slope - square[i]);
      parameters[i] -= (rate * mean[i]) / (Math.sqrt(square[i]) + EPSILON);
    }
    gradient.fill(0);
  }
}
