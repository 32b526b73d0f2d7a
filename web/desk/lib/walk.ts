/* The list that was looked at last, so that the next of it is one key away. */
let list: string[] = [];

export const walkList = (ids: string[]): void => void (list = ids);

export interface Neighbours {
  at: number; // counted from one
  of: number;
  before?: string;
  after?: string;
}

/* undefined: it was not come to from a list. */
export function neighbours(id: string): Neighbours | undefined {
  const at = list.indexOf(id);
  if (at < 0) return undefined;
  return { at: at + 1, of: list.length, ...(at > 0 && { before: list[at - 1]! }), ...(at + 1 < list.length && { after: list[at + 1]! }) };
}
