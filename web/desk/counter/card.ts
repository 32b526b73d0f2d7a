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
