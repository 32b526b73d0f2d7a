/*
 * Trusted Types: a text becomes a script's address or HTML nowhere but here. The service worker is the one
 * script that is named at run time, and Leaflet asks once whether the browser draws SVG.
 */
interface TrustedTypes {
  createPolicy(name: string, rules: Record<string, (text: string) => string>): unknown;
}

const only =
  (...allowed: string[]) =>
  (text: string): string => {
    if (!allowed.includes(text)) throw new TypeError('not a trusted text');
    return text;
  };

export function beTrusting(): void {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  types?.createPolicy('default', { createHTML: only('<svg/>', ''), createScriptURL: only('/sw.js') });
}
