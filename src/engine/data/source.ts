/** Where samples come from; plain data that goes to the workers as it is. */
export type SampleSource =
  | {
      readonly kind: 'pixels';
      /** NHWC bytes of all samples, in shared memory. */
      readonly pixels: Uint8Array;
    }
  | {
      readonly kind: 'files';
      readonly folder: string;
      /** Image files relative to `folder`, one a sample. */
      readonly files: readonly string[];
    };
