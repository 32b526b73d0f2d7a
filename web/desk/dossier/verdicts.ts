/* What an officer finds of each paper, with phrases that are ready to be sent; kept until papers are asked for. */
import { phrase, sayFrom, type Tone, type Words } from '../../shared/words';
import { useUnsent } from '../lib/unsent';

export type Verdict = 'fit' | 'missing' | 'unclear' | 'wrong' | 'expired';
export interface Found {
  verdict: Verdict;
  note?: string;
}
export type Verdicts = Record<string, Found>; // by a component's code

const words = {
  fit: ['Hợp lệ', 'Fits'],
  missing: ['Thiếu', 'Missing'],
  unclear: ['Không rõ', 'Unclear'],
  wrong: ['Sai', 'Wrong'],
  expired: ['Hết hạn', 'Expired'],
} as const satisfies Words;
export const verdictWord = sayFrom(words);
export const verdictCodes = Object.keys(words) as Verdict[];
export const verdictKeys: Record<Verdict, string> = { fit: 'f', missing: 'm', unclear: 'r', wrong: 's', expired: 'h' };
export const verdictTone: Record<Verdict, Tone> = { fit: 'good', missing: 'bad', unclear: 'warn', wrong: 'bad', expired: 'bad' };

/* The first of each is what is written unless one chooses another or one's own words. */
const phrases: Record<Exclude<Verdict, 'fit'>, ReadonlyArray<readonly [string, string]>> = {
  missing: [
    ['Hồ sơ chưa có giấy tờ này. Xin nộp bản chụp rõ từ bản chính.', 'This paper is not there. Please send a clear copy of the original.'],
    ['Còn thiếu trang. Xin nộp đủ các trang.', 'Pages are missing. Please send all of them.'],
  ],
  unclear: [
    ['Ảnh chụp mờ, không đọc được. Xin chụp lại ở nơi đủ sáng, thấy đủ bốn góc.', 'The picture is blurred and cannot be read. Please take it again in good light, with all four corners.'],
    ['Ảnh bị che hoặc cắt mất một phần. Xin chụp lại toàn bộ giấy tờ.', 'Part of it is covered or cut off. Please take the whole paper again.'],
  ],
  wrong: [
    ['Giấy tờ này không đúng loại yêu cầu. Xin nộp đúng giấy tờ ghi trong thành phần hồ sơ.', 'This is not the paper that is asked for. Please send the one that the procedure names.'],
    ['Thông tin trên giấy tờ không khớp với tờ khai. Xin kiểm tra và nộp lại.', 'What the paper says does not match the form. Please check, and send it again.'],
  ],
  expired: [['Giấy tờ đã hết hạn. Xin nộp bản còn hiệu lực.', 'The paper has expired. Please send one that is valid.']],
};

export const phrasesOf = (verdict: Verdict): string[] => (verdict === 'fit' ? [] : phrases[verdict].map((row) => phrase(row)));

export const useVerdicts = (dossier: string): [Verdicts, (next: Verdicts | undefined) => void] => useUnsent<Verdicts>(`dossier.${dossier}.verdicts`, {});

export const faultsOf = (verdicts: Verdicts): Array<[string, Found]> => Object.entries(verdicts).filter(([, one]) => one.verdict !== 'fit');
