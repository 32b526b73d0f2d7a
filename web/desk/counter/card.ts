/* What the QR code of a citizen's card says (domain/person/card_text.h), to be shown at once; the server reads it itself. */
export interface CardText {
  card: string;
  name: string;
  birth: string; // "17/05/1990"
}

export function readCard(text: string): CardText | undefined {
  const [card = '', , name = '', birth = ''] = text.trim().split('|');
  if (!/^\d{12}$/.test(card) || !name.trim() || !/^\d{8}$/.test(birth)) return undefined;
  return { card, name: name.trim(), birth: `${birth.slice(0, 2)}/${birth.slice(2, 4)}/${birth.slice(4)}` };
}

interface Detector {
  detect(image: HTMLVideoElement): Promise<Array<{ rawValue: string }>>;
}
type DetectorMaker = new (options: { formats: string[] }) => Detector;

/* This browser reads QR codes by its camera; others take what a hand scanner types. */
export const detectorOf = (): DetectorMaker | undefined => ('mediaDevices' in navigator ? (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector : undefined);
