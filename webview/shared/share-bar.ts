import { html, type TemplateResult } from 'lit-html';

/**
 * A bar for a share in [0, 1]; decoration, as the figure stands beside it. Drawn in SVG, since the content security
 * policy allows no style attributes.
 */
export function shareBar(share: number): TemplateResult {
  const width = `${Math.round(1000 * Math.min(1, Math.max(0, share))) / 10}%`;
  return html`<svg class="share-bar" aria-hidden="true"><rect width=${width} height="100%" /></svg>`;
}
