/**
 * Colours from "all is left" to "nothing is left": six steps of cividis, which those who can't tell some hues apart see as
 * others do (Nuñez, Anderton and Renslow, PLOS ONE 13(7), 2018). Least stands out what is nearest to the background.
 */
const cividis = ['#00224e', '#35456c', '#666970', '#948e77', '#c8b866', '#fee838'] as const;
const onDark = cividis;
const onLight = [...cividis].reverse();

export const LEVELS = cividis.length;

/** The step for a share that is left, [0, 1]. */
export function levelOf(left: number): number {
  return Math.min(LEVELS - 1, Math.max(0, Math.floor((1 - left) * LEVELS)));
}

/** `#rrggbb` of a level on either kind of background. */
export function colorsOf(level: number): { readonly dark: string; readonly light: string } {
  return { dark: onDark[level] ?? onDark[0], light: onLight[level] ?? cividis[0] };
}
