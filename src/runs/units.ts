/** Quantities for people: three significant digits and a unit. */

/** What was not measured. */
export const NONE = '–';

function scaled(value: number, base: number, prefixes: readonly string[]): string {
  let scale = 0;
  let rest = value;
  while (Math.abs(rest) >= base && scale < prefixes.length - 1) {
    rest /= base;
    scale++;
  }
  const digits = scale === 0 ? 0 : Math.abs(rest) < 10 ? 2 : Math.abs(rest) < 100 ? 1 : 0;
  return `${rest.toFixed(digits)}${prefixes[scale] ?? ''}`;
}

/** `1.23 M`. */
export function count(value: number | undefined): string {
  return value === undefined ? NONE : scaled(value, 1000, ['', ' k', ' M', ' G', ' T']);
}

/** `1.23 MB`, in powers of 1000 as disks are sold. */
export function bytes(value: number | undefined): string {
  return value === undefined ? NONE : scaled(value, 1000, [' B', ' kB', ' MB', ' GB', ' TB']);
}

/** `98.76 %` of a percentage. */
export function percent(value: number | undefined): string {
  return value === undefined ? NONE : `${value.toFixed(2)} %`;
}

/** `50.1 %` of a share. */
export function share(value: number | undefined): string {
  return value === undefined ? NONE : `${(100 * value).toFixed(1)} %`;
}

/** `1.23 ms`, `12 µs`. */
export function milliseconds(value: number | undefined): string {
  if (value === undefined) return NONE;
  return value < 0.1 ? `${(1000 * value).toFixed(1)} µs` : `${value.toPrecision(3)} ms`;
}

/** `45 s`, `3 min 05 s`, `2 h 04 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${pad(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** `32 x 32 x 3`. */
export function shape(extent: readonly number[]): string {
  return extent.join(' x ');
}
