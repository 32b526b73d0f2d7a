/* What imports have in common: a file read as rows, its faults by row, what is loaded. */
import { count } from '../../shared/format';
import { Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';

export const importWords = sayFrom({
  notRows: ['Tệp không phải là một danh sách JSON.', 'The file is not a JSON list.'],
  faults: ['Có {0} chỗ sai. Hãy sửa tệp rồi chọn lại; chưa nạp gì.', '{0} things are wrong. Mend the file and choose it again; nothing was loaded.'],
  row: ['Dòng {0}', 'Row {0}'],
  nothing: ['Tệp giống hệt những gì đang có.', 'The file is just what there is.'],
  load: ['Nạp {0} thay đổi', 'Load {0} changes'],
  loaded: ['Đã nạp {0} thay đổi.', '{0} changes were loaded.'],
});

export interface Fault {
  where: string;
  words: string;
}

/* The rows of a file, or words about why it has none. */
export async function rowsOf(file: File): Promise<Array<Record<string, unknown>> | string> {
  try {
    const given: unknown = JSON.parse(await file.text());
    if (Array.isArray(given) && given.length > 0 && given.every((one) => one && typeof one === 'object')) return given as Array<Record<string, unknown>>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return importWords('notRows');
}

/* "/3/name" of rows of which the first stands at `place(0)` of the file. */
export function faultOf(pointer: string, words: string, place: (index: number) => number): Fault {
  const [, index, ...rest] = pointer.split('/');
  return { where: `${importWords('row', place(Number(index)) + 1)} ${rest.join(' › ')}`, words };
}

const PART_BYTES = 700_000;

/* As many rows a request as it may hold. */
export function partsOf<T>(rows: T[], most: number): T[][] {
  const parts: T[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    const own = JSON.stringify(row).length * 2; // at most two bytes a character, on the whole
    if (bytes + own > PART_BYTES || (parts.at(-1)?.length ?? 0) >= most) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(row);
    bytes += own;
  }
  return parts;
}

export const Faults = ({ faults, more = 0 }: { faults: Fault[]; more?: number }) => (
  <Note tone="bad" live>
    <p>{importWords('faults', count(faults.length + more))}</p>
    <ul>
      {faults.map((one, i) => (
        <li key={i}>
          <strong>{one.where}</strong>: {one.words}
        </li>
      ))}
    </ul>
  </Note>
);
