/*
 * A table as RFC 4180 with a byte order mark, by which spreadsheets know the text for UTF-8. A text that one would
 * take for a formula gets an apostrophe, as the tables that the server makes.
 */
const FORMULA = /^[=+\-@\t\r\n|%]/;

const cell = (value: string | number): string => (typeof value === 'number' ? String(value) : `"${(FORMULA.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`);

export const csvOf = (rows: ReadonlyArray<ReadonlyArray<string | number>>): Blob => new Blob([`\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`], { type: 'text/csv' });
