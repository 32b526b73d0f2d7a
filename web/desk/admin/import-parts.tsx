/* What imports have in common: a file read as rows, its faults by row, what is loaded. */
import { count, size } from '../../shared/format';
import { Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';

export const importWords = sayFrom({
  notJson: ['Tệp không phải là JSON đúng cú pháp.', 'The file is not sound JSON.'],
  notRows: ['Tệp không phải là một danh sách JSON.', 'The file is not a JSON list.'],
  noRows: ['Tệp không có dòng nào.', 'There are no rows in the file.'],
  notRow: ['Dòng {0} không phải là một đối tượng JSON.', 'Row {0} is not a JSON object.'],
  tooLarge: ['Tệp lớn quá {0}. Hãy chia thành nhiều tệp.', 'The file is larger than {0}. Split it.'],
  unreadable: ['Không đọc được tệp. Hãy chọn lại.', 'The file cannot be read. Choose it again.'],
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

const FILE_BYTES = 64 << 20;

/* The rows of a file, or words about why it has none. */
export async function rowsOf(file: File): Promise<Array<Record<string, unknown>> | string> {
  if (file.size > FILE_BYTES) return importWords('tooLarge', size(FILE_BYTES));
  let given: unknown;
  try {
    given = JSON.parse(await file.text());
  } catch (error) {
    return importWords(error instanceof SyntaxError ? 'notJson' : 'unreadable'); // it was moved, or changed meanwhile
  }
  if (!Array.isArray(given)) return importWords('notRows');
  if (given.length === 0) return importWords('noRows');
  const strange = given.findIndex((one) => !one || typeof one !== 'object' || Array.isArray(one));
  return strange < 0 ? (given as Array<Record<string, unknown>>) : importWords('notRow', count(strange + 1));
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
