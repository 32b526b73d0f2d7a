/* The list that was looked at last, so that the next of it is one key away. */
let list: string[] = [];

export const walkList = (ids: string[]): void => void (list = ids);

export function neighbours(id: string): { before?: string; after?: string } {
  const at = list.indexOf(id);
  if (at < 0) return {};
  return { ...(at > 0 && { before: list[at - 1]! }), ...(at + 1 < list.length && { after: list[at + 1]! }) };
}
