/** Writes numbers of a few bits one after the other, the highest bit of each first. */
export class BitWriter {
  private readonly bytes: number[] = [];
  private current = 0;
  private used = 0;

  /** The lowest `count` bits of `value`. */
  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      this.current = (this.current << 1) | (Math.floor(value / 2 ** bit) & 1);
      if (++this.used < 8) continue;
      this.bytes.push(this.current);
      [this.current, this.used] = [0, 0];
    }
  }

  /** What was written, filled up to whole bytes with zeros. */
  finish(): Uint8Array {
    if (this.used > 0) this.write(0, 8 - this.used);
    return Uint8Array.from(this.bytes);
  }
}

/** Reads what {@link BitWriter} wrote. */
export class BitReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** @throws RangeError behind the end. */
  bit(): number {
    const byte = this.at >> 3;
    if (byte >= this.bytes.length) throw new RangeError('the bits are cut off');
    return (this.bytes[byte] >> (7 - (this.at++ & 7))) & 1;
  }

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = 2 * value + this.bit();
    return value;
  }
}
