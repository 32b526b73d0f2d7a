/* For inspectors: what the reporter consented to, in the words that they were shown, and whether the chain that it stands in holds. They are told. */
import { useState } from 'preact/hooks';
import type { ConsentProofOfReport, StaffReport } from '../../api';
import { post } from '../../shared/call';
import { count, momentOf } from '../../shared/format';
import { Note, Tag } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { AskWhy } from './ask-why';

const own = sayFrom({
  title: ['Sự đồng ý của người gửi', 'The reporter’s consent'],
  yes: ['Đồng ý cho cơ quan xử lý xem họ tên, số điện thoại.', 'Lets the handling agency see name and phone.'],
  no: ['Không đồng ý cho xem họ tên, số điện thoại.', 'Does not let anybody see name and phone.'],
  look: ['Kiểm tra chứng cứ', 'Check the proof'],
  why: ['Vì sao cần kiểm tra', 'Why it is checked'],
  whyHelp: ['Người gửi đọc được câu này. Ví dụ: Kiểm tra khiếu nại số 12.', 'The reporter reads this. Such as: complaint no. 12 is examined.'],
  holds: ['Chuỗi ghi nhận nguyên vẹn, {0} lần.', 'The chain is whole, {0} records.'],
  broken: ['Chuỗi ghi nhận bị đứt ở lần thứ {0}: {1}', 'The chain is broken at record {0}: {1}'],
  none: ['Chưa có lần ghi nhận nào cho phản ánh này.', 'There is no record of this report.'],
  given: ['Đồng ý', 'Given'],
  taken: ['Rút lại', 'Taken back'],
  stands: ['đang có hiệu lực', 'in force'],
  digest: ['Mã kiểm chứng {0}', 'Digest {0}'],
});

export function ConsentProof({ report }: { report: StaffReport }) {
  const [proof, set] = useState<ConsentProofOfReport>();
  return (
    <section class="card" aria-labelledby="consent-proof-title">
      <h2 id="consent-proof-title">{own('title')}</h2>
      <p class="soft">{own(report.consent ? 'yes' : 'no')}</p>
      {!proof && <AskWhy id="consent-proof-note" kept={`report.${report.id}.proof`} label={own('why')} help={own('whyHelp')} look={own('look')} quiet ask={async (note) => set(await post('/v1/desk/consents/proof', {}, { report: report.id, note }))} />}
      {proof && (
        <>
          <Note tone={proof.holds ? 'good' : 'bad'} live>
            {proof.holds ? own('holds', count(proof.records)) : own('broken', proof.broken ?? 0, proof.why ?? '')}
          </Note>
          {proof.items.length === 0 && <p class="soft">{own('none')}</p>}
          <ul class="stack">
            {proof.items.map((one) => (
              <li key={one.id} class="stack tight">
                <div class="row">
                  <Tag tone={one.given ? 'good' : 'warn'}>{own(one.given ? 'given' : 'taken')}</Tag>
                  <span class="small soft">{[one.at && momentOf(one.at), one.stands && own('stands')].filter(Boolean).join(' · ')}</span>
                </div>
                <p class="lines said">{one.text}</p>
                <p class="small soft wrap-anywhere">{own('digest', one.digest)}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
